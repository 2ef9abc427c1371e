/** What the page of a verification needs besides the common style sheet. */
export const verifyStyle = `
table.checks td:first-child { white-space: nowrap; width: 1%; } table.checks th { font-weight: 500; } table.checks th ul { font-weight: 400; color: var(--dim); font-size: .9em; overflow-wrap: anywhere; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; } .pairs { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem 1rem; max-width: 100%; overflow-x: auto; break-inside: avoid; }
.pair rect { stroke: none; } .pair text, .label { font: 12px system-ui, sans-serif; dominant-baseline: central; } .pair text { text-anchor: middle; font-weight: 700; }
.label { fill: var(--ink); } .label.end { text-anchor: end; }
g.pass rect { fill: var(--good-bg); } g.pass text { fill: var(--good); } g.large rect { fill: var(--warning-bg); } g.large text { fill: var(--warning); }
g.fail rect { fill: var(--error-bg); stroke: var(--error); } g.fail text { fill: var(--error); } g.unknown rect { fill: none; stroke: var(--line); } g.unknown text { fill: var(--dim); }
.legend { color: var(--dim); margin: 0 0 .8rem; } span.pair { display: inline-block; width: 1.4rem; text-align: center; border-radius: .25rem; font-weight: 700; margin-left: .6rem; }
span.pass { background: var(--good-bg); color: var(--good); } span.large { background: var(--warning-bg); color: var(--warning); } span.fail { background: var(--error-bg); color: var(--error); } span.unknown { border: 1px solid var(--line); }
`;
