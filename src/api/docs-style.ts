/** How the page at `/docs` looks: by the reader's own settings, light or dark. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#d5d5d0, #44444c); --soft: light-dark(#f4f3ef, #26262b);
  --text: light-dark(#1d1d20, #ececee); --quiet: light-dark(#5b5b62, #a9a9b2); --accent: light-dark(#7a3d12, #e8a26b);
  --bad: light-dark(#a3140f, #ff9b92); --good: light-dark(#14642e, #86d79c); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: light-dark(#fff, #1b1b1f); }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .75rem 1.25rem;
  border-bottom: 1px solid var(--line); }
header h1 { font-size: 1.15rem; margin: 0; margin-right: auto; }
main { display: grid; grid-template-columns: minmax(14rem, 20rem) 1fr; min-height: calc(100vh - 4rem); }
nav { border-right: 1px solid var(--line); padding: 1rem; max-height: calc(100vh - 4rem); overflow: auto; position: sticky; top: 0; }
article { padding: 1.25rem 1.75rem; max-width: 60rem; min-width: 0; }
@media (max-width: 45rem) { main { display: block; } nav { border: 0; max-height: 40vh; position: static; } }
h2 { margin: 0 0 .25rem; font-family: ui-monospace, monospace; font-size: 1.3rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
ul { list-style: none; margin: .75rem 0 0; padding: 0; }
nav button { width: 100%; text-align: left; border: 0; background: none; padding: .3rem .5rem; border-radius: .3rem;
  font: .875rem/1.4 ui-monospace, monospace; color: inherit; cursor: pointer; overflow-wrap: anywhere; }
nav button:hover { background: var(--soft); }
nav button[aria-current=true] { background: var(--soft); color: var(--accent); font-weight: 600; }
nav button.never { color: var(--quiet); }
label { display: block; font-weight: 600; font-size: .9rem; }
label small, .quiet { display: block; font-weight: 400; color: var(--quiet); font-size: .85rem; }
.field { margin: 0 0 .9rem; max-width: 36rem; }
.row { display: flex; align-items: baseline; gap: .5rem; }
input:not([type=checkbox]), select, textarea { width: 100%; font: inherit; color: inherit; padding: .35rem .5rem;
  border: 1px solid var(--line); border-radius: .3rem; background: light-dark(#fff, #1b1b1f); }
textarea { min-height: 4.5rem; font-family: ui-monospace, monospace; font-size: .875rem; }
h2:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.run { font: inherit; font-weight: 600; padding: .45rem 1.4rem; border: 0; border-radius: .3rem; cursor: pointer;
  color: light-dark(#fff, #1b1b1f); background: var(--accent); }
.run:disabled { opacity: .5; cursor: default; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; margin: 0 .4rem .3rem 0; font-size: .8rem; }
.bad { color: var(--bad); } .good { color: var(--good); }
pre { background: var(--soft); padding: .75rem; border-radius: .3rem; overflow: auto; font-size: .8125rem; max-height: 30rem; }
section.finding { border-left: 3px solid var(--accent); padding: .1rem 0 .1rem 1rem; margin: .75rem 0; }
table { border-collapse: collapse; font-size: .875rem; } th, td { border: 1px solid var(--line); padding: .2rem .5rem; text-align: left; }
`;
