/** What the model has to say findings with, and what says it here. */

interface Row {
  readonly model: string;
  /** What `cortado` exports for it; none where there is nothing. */
  readonly here: readonly string[];
  readonly why: string;
}

export const modelBlocks: readonly Row[] = [
  {
    model: "`MarkdownBlock(text, dedent)`",
    here: ["markdown", "dedent"],
    why: "`markdown(dedent(text))`. The text is not cut where it is made; each sink cuts for itself, and keeps the whole where it has files.",
  },
  { model: "`HeaderBlock(text)`", here: ["header"], why: "" },
  { model: "`DividerBlock`", here: ["divider"], why: "" },
  { model: "`ListBlock(items)`", here: ["list"], why: "" },
  { model: "`LinksBlock(links)`", here: ["links"], why: "What is no web address is shown as text." },
  {
    model: "`TableBlock(rows, headers, table_name, column_renderers, column_width, table_format, metadata)`",
    here: ["table"],
    why: '`table(headers, rows, { name, formats, widths, layout })`: `formats: { started: "datetime" }` is data where a renderer was code. No `metadata`: only the model\'s own page read it.',
  },
  { model: "`JsonBlock(json_str)`", here: ["json"], why: "It holds the value, not its text." },
  {
    model: "`FileBlock(filename, contents)`",
    here: ["file"],
    why: "Text or bytes. No `zip()` and no `truncate_content()`: a sink with a limit leaves out a text file's oldest lines and says so.",
  },
  {
    model: "`EmptyFileBlock(filename, remarks)`",
    here: ["emptyFile"],
    why: "A file block without contents that says why.",
  },
  {
    model: "`KubernetesDiffBlock(interesting_diffs, old, new, name, kind, namespace)`",
    here: ["diff"],
    why: "`diff(name, event.changes, event.operation)`. Sinks count what was added, removed and changed. The two whole objects are not in it: each change has both its values, and only the model's own page showed the rest.",
  },
  {
    model: "`KubernetesFieldsBlock(k8s_obj, fields, explanations)`",
    here: ["kubernetesFields"],
    why: "It makes a table block: a table of fields, values and explanations is all that it is.",
  },
  {
    model: "`CallbackBlock(choices)`",
    here: ["callback"],
    why: "Until there are signed buttons each sink shows what a choice runs, with its params and on what. Nothing looks like a button.",
  },
  {
    model: "`PrometheusBlock`, `PrometheusBlockLineData`",
    here: ["graph"],
    why: "The graph block is the series as data; sinks that can show pictures draw it, the others show it in words.",
  },
  { model: "`GraphBlock`", here: ["graph"], why: "The picture is drawn where it is sent, so no finding carries one." },
  { model: "`EventsBlock`", here: ["events"], why: "" },
  {
    model: "`EventsRef`",
    here: ["events"],
    why: "The events themselves: a reference is for a page that can load them later.",
  },
  {
    model: "`ScanReportBlock`, `PopeyeScanReportBlock`, `KRRScanReportBlock`, `ScanReportRow`",
    here: ["scan", "gradeOf"],
    why: "One block for all scanners; what a row found is text. A table or a text file instead of a PDF.",
  },
  {
    model: "`HolmesResultsBlock`, `HolmesChatResultsBlock`",
    here: ["analysis"],
    why: "The answer, its sections and the calls of tools. No history of a conversation: there is no chat.",
  },
  {
    model: "`hidden`, `html_class` of every block",
    here: [],
    why: "A hidden block was for the model's own page, and there is none; a class is for mail, which is not a sink yet.",
  },
  {
    model: "`Enrichment(blocks, annotations, enrichment_type, title)`",
    here: [],
    why: "`event.addEnrichment(blocks, { title, type })`. No annotations: links are never unfolded (`UNFURL`), all enrichments stand in the coloured attachment (`ATTACHMENT`), and a scan is a type of block (`SCAN`).",
  },
  { model: "`Link(url, name, type)`", here: [], why: "`event.addLink({ name, url, type })`, with the same types." },
];
