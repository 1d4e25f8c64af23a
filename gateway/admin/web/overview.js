// The node at a glance.
import { bar, h, pill, replace, sparkline, table } from '/web/dom.js';
import { count, ms, percent, seconds, usd } from '/web/format.js';

const KEPT = 120;
const history = [];
let alerts, cards, keys, budgets;

const CARDS = [
  ['Requests/s', (t) => t.requests_per_s, count],
  ['In flight', (t) => t.in_flight, count],
  ['Errors, last minute', (t) => t.failed_ratio, percent],
  ['TTFT p50', (t) => t.ttft_ms.p50, ms],
  ['TTFT p99', (t) => t.ttft_ms.p99, ms],
  ['Tokens in/s', (t) => t.tokens_per_s.in, count],
  ['Tokens out/s', (t) => t.tokens_per_s.out, count],
  ['Cost per hour', (t) => t.usd_per_h, usd],
];

function card([name, value, format]) {
  const now = value(history[history.length - 1]);
  return h('div', { class: 'card' }, h('div', { class: 'name' }, name), h('div', { class: 'value' }, format(now)),
    sparkline(history.map((tick) => value(tick) ?? 0)));
}

function totals(tick) {
  const waiting = Object.values(tick.queues).reduce((sum, n) => sum + n, 0);
  const plain = (name, value, more) => h('div', { class: 'card' }, h('div', { class: 'name' }, name),
    h('div', { class: 'value' }, value, more ? h('small', {}, more) : null));
  return [
    plain('Requests since start', count(tick.requests), `${count(tick.failed)} failed`),
    plain('Cost since start', usd(tick.cost_usd), tick.cost_unknown ? `${count(tick.cost_unknown)} calls without a price` : ''),
    plain('Streams', count(tick.streams), `${count(tick.connections)} connections`),
    plain('Waiting in line', count(waiting)),
  ];
}

function windows(key) {
  if (!key.windows.length) return h('span', { class: 'quiet' }, 'no limits');
  return h('div', { class: 'windows' }, key.windows.map((window) => [
    h('span', {}, window.name), bar(window.used, window.limit),
    h('span', {}, `${count(window.used)} / ${count(window.limit)}`),
    h('span', { class: 'quiet' }, seconds(window.resets_s)),
  ]));
}

const quantiles = (key) => key.latency?.ttft_ms ?? {};
const COLUMNS = [
  { title: 'Key', cell: (key) => key.id },
  { title: 'Breaker', cell: (key) => pill(key.state) },
  { title: 'In flight', num: true, cell: (key) => count(key.in_flight) },
  { title: 'Windows: used / limit, resets in', cell: windows },
  { title: 'TTFT p50', num: true, cell: (key) => ms(quantiles(key).p50) },
  { title: 'TTFT p99', num: true, cell: (key) => ms(quantiles(key).p99) },
  { title: 'Success', num: true, cell: (key) => (key.success_100 === null ? '' : percent(key.success_100)) },
  { title: 'Last fault', cell: (key) => key.last_fault },
];

const BUDGETS = [
  { title: 'Budget', cell: (row) => row.owner },
  { title: 'Used', cell: (row) => bar(row.used_ratio, 1) },
  { title: 'Spent', num: true, cell: (row) => usd(row.spent_usd) },
  { title: 'Of', num: true, cell: (row) => usd(row.usd) },
  { title: 'Renews', cell: (row) => row.renews },
];

export const overview = {
  remember(tick) {
    history.push(tick);
    if (history.length > KEPT) history.shift();
  },
  open(page) {
    alerts = h('ul', { class: 'alerts', 'aria-live': 'polite' });
    cards = h('div', { class: 'cards' }, h('div', { class: 'quiet' }, 'waiting for the first second…'));
    keys = h('section', {});
    budgets = h('section', {});
    page.append(alerts, cards, h('h2', {}, 'Provider keys'), keys, budgets);
  },
  tick(tick) {
    replace(alerts, tick.alerts.map((alert) => h('li', {}, alert.message)));
    replace(cards, CARDS.map(card), totals(tick));
    replace(keys, table(COLUMNS, tick.keys, { empty: 'no provider keys' }));
    replace(budgets, ...(tick.budgets.length ? [h('h2', {}, 'Budgets'), table(BUDGETS, tick.budgets, {})] : []));
  },
};
