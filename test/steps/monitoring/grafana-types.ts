import type { TableOptions } from '@grafana/schema';
import type { Options as Logs } from '@grafana/schema/dist/esm/raw/composable/logs/panelcfg/x/LogsPanelCfg_types.gen';
import type { Options as Stat } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TimeSeries } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Dashboard, Panel } from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen';

/** As JSON holds it: members of an enumeration are written as their values. */
type Plain<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

type Kind<Name extends string, Options> = Omit<Plain<Panel>, 'type' | 'options'> & {
  type: Name;
  options: Plain<Options>;
};

/** A dashboard as Grafana publishes it, whose panels have the options of their kind. */
export type GrafanaDashboard = Omit<Plain<Dashboard>, 'panels'> & {
  panels: (
    | Kind<'stat', Omit<Stat, 'percentChangeColorMode'>>
    | Kind<'table', TableOptions>
    | Kind<'timeseries', TimeSeries>
    | Kind<'logs', Logs>
  )[];
};
