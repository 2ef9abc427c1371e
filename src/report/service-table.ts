import type { Service } from '../core/events/service.js';
import { sentence } from '../core/text.js';
import { hang, pad, width } from './layout.js';
import { paint, type Style, symbol } from './style.js';

/** What was heard, with who heard it where not all heard the same. */
export const heardLines = ({ heard }: Service): readonly { readonly ok: boolean; readonly text: string }[] =>
  heard.map(({ ok, text, hosts }) => ({
    ok,
    text: heard.length === 1 ? text : `${text} (${sentence(hosts, 4)})`,
  }));

/** Services outside the cluster: where they are called, and what the nodes heard there. */
export const serviceTable = (style: Style, services: readonly Service[]): string => {
  const [marks, name, place] = [
    Math.max(...(['good', 'error'] as const).map((tone) => width(symbol(style, tone)))),
    Math.max(...services.map(({ service }) => width(service))),
    Math.max(...services.map((each) => width(each.place))),
  ];
  return services
    .flatMap((service) =>
      heardLines(service).flatMap(({ ok, text }, at) => {
        const tone = ok ? 'good' : 'error';
        const mark = pad(paint(style, tone, symbol(style, tone)), marks);
        const [label, address] = at === 0 ? [service.service, service.place] : ['', ''];
        return hang(`${mark} ${pad(label, name)}  ${pad(address, place)}  `, text, style.columns);
      }),
    )
    .join('\n');
};
