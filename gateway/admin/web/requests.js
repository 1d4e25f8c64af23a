// Recent requests, and the timeline of one.
import { get } from '/web/api.js';
import { facts, h, pill, replace, svg, table } from '/web/dom.js';
import { clock, count, ms, usd } from '/web/format.js';

let list, detail, filters, chosen, paused, busy;

const kind = (row) => (row.status >= 500 ? 'bad' : row.status >= 400 ? 'warn' : 'good');
const who = (row) => (row.provider ? `${row.provider}/${row.key} → ${row.upstream_model}` : '');
const COLUMNS = [
  { title: 'Time', cell: (row) => clock(row.started) },
  { title: 'Status', cell: (row) => pill(String(row.status), kind(row)) },
  { title: 'Model', cell: (row) => row.model },
  { title: 'Route', cell: (row) => row.route },
  { title: 'Answered by', cell: who },
  { title: 'Tries', num: true, cell: (row) => row.attempts },
  { title: 'TTFT', num: true, cell: (row) => ms(row.ttft_ms) },
  { title: 'Total', num: true, cell: (row) => ms(row.total_ms) },
  { title: 'Tokens', num: true, cell: (row) => `${count(row.tokens_in)} + ${count(row.tokens_out)}` },
  { title: 'Cost', num: true, cell: (row) => (row.cost_usd === null ? (row.provider ? 'unknown' : '') : usd(row.cost_usd)) },
  { title: 'Fault', cell: (row) => row.fault },
  { title: 'Tenant', cell: (row) => row.tenant },
];

function strip(step, total) {
  const x = (100 * step.at_ms) / total;
  const width = Math.max(0.6, (100 * (step.took_ms ?? 0)) / total);
  const look = step.took_ms === undefined ? 'mark' : step.what === 'queued' ? 'queued' : step.fault ? 'failed' : 'ok';
  return svg('svg', { viewBox: '0 0 100 14', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'track', y: 6, width: 100, height: 2 }),
    svg('rect', { class: look, x: Math.min(x, 99.4), y: 1, width: Math.min(width, 100 - Math.min(x, 99.4)), height: 12 }));
}

function label(step) {
  if (step.what !== 'attempt') return step.what.replace('_', ' ');
  const verdict = step.fault ? `${step.fault}${step.status ? ` (${step.status})` : ''}` : 'ok';
  return `${step.hedge ? 'hedge: ' : ''}${step.provider}/${step.key} ${step.model}: ${verdict}`;
}

function timeline(record) {
  const total = Math.max(record.total_ms, 0.001);
  return h('div', { class: 'timeline' }, record.timeline.map((step) => h('div', { class: 'step' },
    h('div', { class: 'what' }, label(step)), strip(step, total),
    h('div', { class: 'at' }, ms(step.took_ms ?? step.at_ms)))));
}

async function showDetail() {
  if (!chosen) return replace(detail);
  try {
    const record = await get(`/requests/${encodeURIComponent(chosen)}`);
    replace(detail, h('div', { class: 'detail' }, h('h2', {}, record.id), facts([
      ['started', new Date(record.started).toLocaleString()], ['status', record.status], ['fault', record.fault],
      ['model', record.model], ['route', record.route], ['answered by', who(record)], ['tenant', record.tenant],
      ['stream', record.stream ? 'yes' : 'no'], ['total', ms(record.total_ms)], ['overhead', ms(record.overhead_ms)],
      ['tokens', `${record.tokens_in} in (${record.tokens_cached} cached), ${record.tokens_out} out (${record.tokens_reasoning} reasoning)`],
      ['cost', record.cost_usd === null ? (record.provider ? 'unknown' : '') : `$${record.cost_usd}`], ['bytes', `${count(record.bytes_in)} in, ${count(record.bytes_out)} out`], ['peer', record.peer],
    ]), timeline(record)));
  } catch (error) {
    replace(detail, h('div', { class: 'detail' }, error.message));
  }
}

function choose(row) {
  chosen = chosen === row.id ? null : row.id;
  history.replaceState(null, '', chosen ? `#requests/${encodeURIComponent(chosen)}` : '#requests');
  refresh();
  showDetail();
}

async function refresh() {
  if (busy) return;
  busy = true;
  const query = new URLSearchParams({ limit: 100 });
  for (const [name, field] of Object.entries(filters)) if (field.value) query.set(name, field.value);
  try {
    const rows = (await get(`/requests?${query}`)).requests;
    const focused = document.activeElement?.dataset?.key;
    replace(list, table(COLUMNS, rows, {
      open: choose, chosen: (row) => row.id === chosen, key: (row) => row.id, empty: 'no request yet, or none that matches',
    }));
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  } catch (error) {
    replace(list, h('div', { class: 'empty' }, error.message));
  } finally {
    busy = false;
  }
}

export const requests = {
  open(page, id) {
    const field = (name, hint) => h('input', { name, placeholder: hint, size: 12, oninput: refresh, 'aria-label': name });
    filters = { model: field('model', 'smart'), status: field('status', '2xx, 429'), fault: field('fault', 'provider_'), tenant: field('tenant', '') };
    paused = h('input', { type: 'checkbox' });
    list = h('section', {});
    detail = h('section', { 'aria-live': 'polite' });
    chosen = id;
    page.append(h('div', { class: 'tools' }, Object.entries(filters).map(([name, input]) => h('label', {}, name, input)),
      h('label', { class: 'check' }, paused, 'pause')), detail, list);
    refresh();
    showDetail();
  },
  tick() {
    if (!paused.checked) refresh();
  },
};
