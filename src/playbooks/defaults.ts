/** What a configuration has where nobody has written it: the built-in playbooks, and a Slack that the environment names. */
import { builtinPlaybooks, priorityBuiltinPlaybooks } from "./builtin-playbooks.ts";
import type { SectionName } from "./configuration-schema.ts";
import { at } from "./params.ts";
import type { Path, YamlSource } from "./yaml-source.ts";

/** Sections that stand in for those that a file leaves out. An empty one is not left out. */
export type Defaults = Readonly<Partial<Record<SectionName, unknown>>>;

type Environment = Readonly<Record<string, string | undefined>>;

const defaultSlackChannel = "alerts";

export const defaultSections = (env: Environment): Defaults => ({
  priorityBuiltinPlaybooks,
  builtinPlaybooks,
  ...slackOf(env),
});

/** The variables are referred to as a user would, so that the token is known for a secret. */
function slackOf({ SLACK_BOT_TOKEN, SLACK_CHANNEL }: Environment): Defaults {
  if (!SLACK_BOT_TOKEN) return {};
  const slack_channel = SLACK_CHANNEL ? "{{ env.SLACK_CHANNEL }}" : defaultSlackChannel;
  return { sinksConfig: [{ slack_sink: { name: "slack", slack_channel, api_key: "{{ env.SLACK_BOT_TOKEN }}" } }] };
}

/** Robusta's own file has its built-in playbooks among the others: they are not to run twice. */
const insteadOf: Readonly<Record<string, readonly string[]>> = {
  priorityBuiltinPlaybooks: ["active_playbooks"],
  builtinPlaybooks: ["active_playbooks"],
  sinksConfig: ["sinks_config"],
};

/** The source with the sections that it leaves out. What is wrong in them is told by what they are, as they stand in no line. */
export function withDefaults(source: YamlSource, defaults: Defaults): YamlSource {
  const written = source.value ?? {};
  if (typeof written !== "object" || Array.isArray(written)) return source;
  const isWritten = (section: string) =>
    [section, ...(insteadOf[section] ?? [])].some((key) => Object.hasOwn(written, key));
  const added = Object.fromEntries(Object.entries(defaults).filter(([section]) => !isWritten(section)));
  return {
    file: source.file,
    value: { ...added, ...written },
    locate: (path, part) => {
      const [section] = path;
      const isAdded = section !== undefined && Object.hasOwn(added, section);
      return isAdded ? placeOf(added, path) : source.locate(path, part);
    },
  };
}

function placeOf(added: Defaults, path: Path): string {
  if (path[0] === "sinksConfig") return "SLACK_BOT_TOKEN, SLACK_CHANNEL";
  return `builtin playbook ${at(added, [...path.slice(0, 2), "name"])}`;
}
