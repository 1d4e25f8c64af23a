// Every actor of the node.
import { get } from '/web/api.js';
import { facts, h, pill, replace, table } from '/web/dom.js';
import { count, seconds } from '/web/format.js';

let list, detail, type, chosen, busy;
let sort = 'type';

const COLUMNS = [
  { name: 'type', title: 'Type', cell: (row) => row.type },
  { name: 'name', title: 'Name', cell: (row) => row.name },
  { name: 'state', title: 'State', cell: (row) => pill(row.state) },
  { name: 'mailbox', title: 'Mailbox', num: true, cell: (row) => count(row.mailbox) },
  { name: 'mailbox_max', title: 'Most', num: true, cell: (row) => count(row.mailbox_max) },
  { name: 'messages', title: 'Messages', num: true, cell: (row) => count(row.messages) },
  { name: 'rate_1m', title: 'Per minute', num: true, cell: (row) => count(row.rate_1m) },
  { name: 'busy_pct', title: 'Busy %', num: true, cell: (row) => row.busy_pct.toFixed(1) },
  { name: 'restarts', title: 'Restarts', num: true, cell: (row) => row.restarts },
  { name: 'age_s', title: 'Age', num: true, cell: (row) => seconds(row.age_s) },
  { name: 'last_message', title: 'Last message', cell: (row) => row.last_message },
];

async function showDetail() {
  if (!chosen) return replace(detail);
  try {
    const actor = await get(`/actors/${encodeURIComponent(chosen)}`);
    replace(detail, h('div', { class: 'detail' }, h('h2', {}, `${actor.type} ${actor.name}`),
      facts([['id', actor.id], ['node', actor.node], ['parent', actor.parent], ['state', actor.state]]),
      h('pre', {}, JSON.stringify(actor.detail, null, 2))));
  } catch (error) {
    replace(detail, h('div', { class: 'detail' }, error.message));
  }
}

function choose(row) {
  chosen = String(chosen) === String(row.id) ? null : row.id;
  history.replaceState(null, '', chosen ? `#actors/${chosen}` : '#actors');
  refresh();
}

function offerTypes(rows) {
  for (const name of [...new Set(rows.map((row) => row.type))].sort())
    if (![...type.options].some((option) => option.value === name)) type.append(h('option', { value: name }, name));
}

async function refresh() {
  if (busy) return;
  busy = true;
  try {
    const rows = (await get(`/actors?${new URLSearchParams({ sort, type: type.value })}`)).actors;
    offerTypes(rows);
    const focused = document.activeElement?.dataset?.key;
    replace(list, table(COLUMNS, rows, {
      sort, onsort: (name) => { sort = name; refresh(); }, open: choose, key: (row) => String(row.id),
      chosen: (row) => String(row.id) === String(chosen), empty: 'no actors',
    }));
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    await showDetail();
  } catch (error) {
    replace(list, h('div', { class: 'empty' }, error.message));
  } finally {
    busy = false;
  }
}

export const actors = {
  open(page, id) {
    type = h('select', { onchange: refresh, 'aria-label': 'type' }, h('option', { value: '' }, 'all'));
    list = h('section', {});
    detail = h('section', {});
    chosen = id;
    page.append(h('div', { class: 'tools' }, h('label', {}, 'type', type)), detail, list);
    refresh();
  },
  tick: refresh,
};
