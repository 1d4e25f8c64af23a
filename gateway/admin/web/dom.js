// Elements made one by one: text from the node can never become markup.
const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

export function replace(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
}

const TONES = {
  closed: 'good', ok: 'good', running: 'good', idle: 'good', half_open: 'warn', 'half-open': 'warn',
  ramping: 'warn', busy: 'warn', open: 'bad', dead: 'bad',
};
export const tone = (state) => TONES[state] ?? '';
export const pill = (text, kind = tone(text)) => h('span', { class: `pill ${kind}` }, text);

/** Used share of a limit; red from 90 %, amber from 70 %. */
export function bar(used, limit) {
  const share = limit > 0 ? Math.min(1, used / limit) : 0;
  const kind = share >= 0.9 ? 'bad' : share >= 0.7 ? 'warn' : '';
  return svg('svg', { class: 'bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'track', width: 100, height: 8, rx: 2 }),
    svg('rect', { class: `fill ${kind}`, width: share * 100, height: 8, rx: 2 }));
}

/** The last values as a line over zero; at least 30 wide, so that the first seconds do not jump. */
export function sparkline(values) {
  const slots = Math.max(30, values.length);
  const picture = svg('svg', { viewBox: '0 0 120 30', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  if (values.length < 2) return picture;
  const top = Math.max(...values, 1e-9);
  const at = values.map((value, i) => {
    const x = 120 - ((values.length - 1 - i) * 120) / (slots - 1);
    return `${x.toFixed(1)},${(28 - (26 * value) / top).toFixed(1)}`;
  });
  const left = at[0].split(',')[0];
  picture.append(svg('path', { class: 'spark-fill', d: `M${left},30 L${at.join(' ')} L120,30 Z` }),
    svg('polyline', { class: 'spark', points: at.join(' ') }));
  return picture;
}

export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value instanceof Node ? value : String(value)))));
}

/** columns: [{name, title, num, cell(row)}]; options: open(row), chosen(row), sort, onsort(name), empty. */
export function table(columns, rows, options = {}) {
  if (!rows.length) return h('div', { class: 'scroll' }, h('div', { class: 'empty' }, options.empty ?? 'nothing here'));
  const head = columns.map((column) => h('th', {
    class: column.num ? 'num' : null, scope: 'col',
    'aria-sort': options.sort === column.name ? (column.num ? 'descending' : 'ascending') : null,
  }, options.onsort
    ? h('button', { type: 'button', onclick: () => options.onsort(column.name) },
      column.title + (options.sort === column.name ? (column.num ? ' ↓' : ' ↑') : ''))
    : column.title));
  const body = rows.map((row) => {
    const go = options.open ? () => options.open(row) : null;
    return h('tr', {
      class: go ? `open${options.chosen?.(row) ? ' chosen' : ''}` : null, tabindex: go ? 0 : null,
      'data-key': options.key?.(row),
      onclick: go ?? undefined,
      onkeydown: go ? (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); go(); } } : undefined,
    }, columns.map((column) => {
      const value = column.cell(row);
      return h('td', { class: column.num ? 'num' : column.wrap ? 'wrap' : null },
        value instanceof Node ? value : value === null || value === undefined || value === '' ? '–' : String(value));
    }));
  });
  return h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, head)), h('tbody', {}, body)));
}
