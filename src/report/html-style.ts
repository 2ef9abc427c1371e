/** Style sheet of the HTML report: light and dark, printable, no fonts or files to fetch. */
export const stylesheet = `
:root { color-scheme: light dark; --bg: #fbfbfa; --card: #fff; --ink: #1c2127; --dim: #66707c; --line: #dfe3e8;
  --good: #17703c; --good-bg: #e2f4e8; --error: #b3261e; --error-bg: #fde7e5; --warning: #8a5a00; --warning-bg: #fdf1d3; --info: #175a8f; --info-bg: #e2f0fb; }
@media (prefers-color-scheme: dark) { :root { --bg: #14171a; --card: #1c2024; --ink: #e6e9ec; --dim: #98a2ad; --line: #333a41;
  --good: #7ad69b; --good-bg: #17331f; --error: #ff9b93; --error-bg: #431c19; --warning: #f0c35c; --warning-bg: #3b2e0d; --info: #8cc4f3; --info-bg: #14304a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { margin: 0 0 .5rem; font-size: 1.7rem; } h2 { margin: 2.2rem 0 .8rem; font-size: 1.2rem; } h3 { margin: 0 0 .5rem; font-size: 1rem; }
code { font: .85em ui-monospace, monospace; color: var(--dim); white-space: nowrap; }
.lead { font-size: 1.05rem; }
.badge { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .85em; font-weight: 600; white-space: nowrap; }
.badge.good { background: var(--good-bg); color: var(--good); } .badge.error { background: var(--error-bg); color: var(--error); }
.badge.warning { background: var(--warning-bg); color: var(--warning); } .badge.info { background: var(--info-bg); color: var(--info); }
.finding { background: var(--card); border: 1px solid var(--line); border-left: .3rem solid var(--dim); border-radius: .4rem; padding: .9rem 1.1rem; margin: .8rem 0; break-inside: avoid; }
.finding.error { border-left-color: var(--error); } .finding.warning { border-left-color: var(--warning); } .finding.info { border-left-color: var(--info); }
dl { display: grid; grid-template-columns: 4.5rem 1fr; gap: .25rem .8rem; margin: 0; } dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1.1rem; }
table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; padding: .45rem .7rem; border-bottom: 1px solid var(--line); } thead th { color: var(--dim); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.wanted th { box-shadow: inset .3rem 0 var(--info); } .asked { color: var(--info); font-weight: 400; font-size: .85em; }
.matrices { display: grid; gap: .8rem; }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem 1rem; overflow-x: auto; break-inside: avoid; }
summary { cursor: pointer; font-weight: 600; } small { color: var(--dim); font-weight: 400; }
.mark.good { color: var(--good); } .mark.error { color: var(--error); }
.matrix { width: auto; margin-top: .7rem; font-size: .85rem; }
.matrix thead th { vertical-align: bottom; } .matrix thead th span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.matrix th { font-weight: 500; white-space: nowrap; }
.cell { text-align: center; min-width: 2rem; padding: .2rem .4rem; border: 1px solid var(--line); }
.cell.good { background: var(--good-bg); color: var(--good); } .cell.error { background: var(--error-bg); color: var(--error); font-weight: 700; }
.cell.warning { background: var(--warning-bg); color: var(--warning); } .cell.none { color: var(--dim); }
footer { margin-top: 3rem; color: var(--dim); font-size: .85rem; }
@media print { body { background: #fff; } main { max-width: none; padding: 0; } }
`;
