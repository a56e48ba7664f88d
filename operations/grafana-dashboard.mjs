// The dashboard for Grafana, as code: `npm run dashboard` writes it to grafana-dashboard.json, which is what Grafana imports.
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

const datasource = { type: 'prometheus', uid: '${datasource}' };
/** The servers that were chosen. */
const chosen = 'instance=~"$instance"';
/** Grid units; a row of the dashboard has 24. */
const [third, half, height] = [8, 12, 8];

const query = ([legend, expr]) =>
  new DataqueryBuilder().datasource(datasource).expr(expr).legendFormat(legend).range();

/** @param queries pairs of a legend and an expression */
function panel(builder, title, description, queries) {
  builder.title(title).description(description).datasource(datasource).height(height);
  queries.forEach((each, index) => builder.withTarget(query(each).refId(String.fromCharCode(65 + index))));
  return builder;
}

const graph = (title, unit, description, ...queries) =>
  panel(new TimeseriesBuilder(), title, description, queries).unit(unit).min(0).span(half);
const figure = (title, unit, description, ...queries) =>
  panel(new StatBuilder(), title, description, queries).unit(unit).span(third);

const quantile = (q, histogram, by, matchers = chosen) =>
  `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (rate(${histogram}_bucket{${matchers}}[$__rate_interval])))`;

export function grafanaDashboard() {
  const dashboard = build();
  const panels = dashboard.panels.map((each, index) => ({ ...each, id: index + 1 }));
  return { ...dashboard, panels };
}

function build() {
  return new DashboardBuilder('Actual Jobs')
    .uid('actual-jobs')
    .tags(['actual-jobs'])
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('instance')
        .label('Server')
        .datasource(datasource)
        .query('label_values(actual_jobs_ready, instance)')
        .multi(true)
        .includeAll(true)
        .allValue('.*'),
    )
    .withRow(new RowBuilder('Jobs'))
    .withPanel(
      figure('Ended well', 'percentunit', 'Of the jobs that ended within the time shown.', [
        'succeeded',
        `sum(increase(actual_jobs_ended_total{end="SUCCEEDED", ${chosen}}[$__range])) / sum(increase(actual_jobs_ended_total{end!="CANCELED", ${chosen}}[$__range]))`,
      ]),
    )
    .withPanel(
      figure('Waiting longest', 's', 'How long the job that has waited longest has waited.', [
        'oldest',
        `max(actual_jobs_oldest_queued_seconds{${chosen}})`,
      ]),
    )
    .withPanel(
      figure('Servers that are not ready', 'none', 'See /readyz of each.', [
        'servers',
        `sum(1 - actual_jobs_ready{${chosen}})`,
      ]),
    )
    .withPanel(
      graph('Jobs by end', 'short', 'How many ended, by type and how.', [
        '{{type}} {{end}}',
        `sum by (type, end) (increase(actual_jobs_ended_total{${chosen}}[$__rate_interval]))`,
      ]),
    )
    .withPanel(
      graph(
        'Jobs that wait or run',
        'short',
        'Of the whole log, as each server sees them.',
        ['{{type}} {{status}}', `max by (type, status) (actual_jobs_active{${chosen}})`],
        ['longest queue', `max(actual_jobs_longest_queue{${chosen}})`],
      ),
    )
    .withPanel(
      graph(
        'Duration of steps',
        's',
        'Attempts that succeeded.',
        [
          '{{type}} median',
          quantile(0.5, 'actual_jobs_step_duration_seconds', ['type'], `end="SUCCEEDED", ${chosen}`),
        ],
        [
          '{{type}} 95 %',
          quantile(0.95, 'actual_jobs_step_duration_seconds', ['type'], `end="SUCCEEDED", ${chosen}`),
        ],
      ),
    )
    .withPanel(
      graph(
        'Failures by code',
        'short',
        'Attempts of steps that failed, tried again or not.',
        [
          '{{type}} {{code}}',
          `sum by (type, code) (increase(actual_jobs_step_failures_total{${chosen}}[$__rate_interval])) > 0`,
        ],
        [
          'Actual: {{operation}} {{code}}',
          `sum by (operation, code) (increase(actual_jobs_actual_errors_total{${chosen}}[$__rate_interval])) > 0`,
        ],
      ),
    )
    .withRow(new RowBuilder('Inside'))
    .withPanel(
      graph(
        'Event store',
        's',
        'How long it takes to answer.',
        ['{{operation}} median', quantile(0.5, 'actual_jobs_event_store_duration_seconds', ['operation'])],
        ['{{operation}} 99 %', quantile(0.99, 'actual_jobs_event_store_duration_seconds', ['operation'])],
      ),
    )
    .withPanel(
      graph('Answers of the event store', 'reqps', 'A conflict: another server came first.', [
        '{{operation}} {{outcome}}',
        `sum by (operation, outcome) (rate(actual_jobs_event_store_duration_seconds_count{${chosen}}[$__rate_interval])) > 0`,
      ]),
    )
    .withPanel(
      graph(
        'Lag of read models',
        's',
        'From the acknowledgement of an append until queries show it.',
        ['median', quantile(0.5, 'actual_jobs_projection_lag_seconds', [])],
        ['99 %', quantile(0.99, 'actual_jobs_projection_lag_seconds', [])],
        ['behind: {{instance}}', `max by (instance) (actual_jobs_projection_behind_seconds{${chosen}})`],
      ),
    )
    .withPanel(
      graph(
        'Slots of runners',
        'short',
        'RUNNER_SLOTS of each server, and jobs that wait for one.',
        ['{{instance}} {{state}}', `sum by (instance, state) (actual_jobs_runner_slots{${chosen}})`],
        ['{{instance}} waiting', `actual_jobs_waiting_for_slot{${chosen}}`],
      ),
    )
    .withPanel(
      graph(
        'Subscribers',
        'short',
        'Open subscriptions, and updates a second.',
        ['{{instance}} subscribers', `actual_jobs_subscribers{${chosen}}`],
        ['updates', `sum(rate(actual_jobs_updates_total{${chosen}}[$__rate_interval]))`],
        ['conflated', `sum(rate(actual_jobs_updates_conflated_total{${chosen}}[$__rate_interval]))`],
      ),
    )
    .withPanel(
      graph(
        'Tokens of the model',
        'short',
        'Where one is configured.',
        [
          '{{direction}}',
          `sum by (direction) (increase(actual_jobs_model_tokens_total{${chosen}}[$__rate_interval]))`,
        ],
        ['cost', `sum(increase(actual_jobs_model_cost_total{${chosen}}[$__rate_interval]))`],
      ),
    )
    .withPanel(
      graph('Memory', 'bytes', 'Of the server itself; the processes of budgets come on top.', [
        '{{instance}}',
        `process_resident_memory_bytes{${chosen}}`,
      ]),
    )
    .withPanel(
      graph('Event loop', 's', 'How late it is.', [
        '{{instance}} 99 %',
        `nodejs_eventloop_lag_p99_seconds{${chosen}}`,
      ]),
    )
    .build();
}
