// Model aliases, and why a request would go where.
import { get, post } from '/web/api.js';
import { h, pill, replace, table } from '/web/dom.js';
import { count } from '/web/format.js';

let list, result, form;

const targets = (row) => row.targets.map((t) => `${t.use}${t.weight !== 1 ? ` ×${t.weight}` : ''}${t.tier !== 1 ? ` (tier ${t.tier})` : ''}`).join(', ');
const MODELS = [
  { title: 'Alias', cell: (row) => row.name },
  { title: 'Strategy', cell: (row) => row.strategy },
  { title: 'Targets', wrap: true, cell: targets },
  { title: 'Fallbacks', cell: (row) => row.fallbacks.join(', ') },
  { title: 'Attempts', num: true, cell: (row) => row.attempts },
  { title: 'Waiting', num: true, cell: (row) => count(row.queued) },
];
const CANDIDATES = [
  { title: '', cell: (row) => (row.rejected ? pill('rejected', 'bad') : row.chosen ? pill('chosen', 'good') : pill('possible', '')) },
  { title: 'Provider', cell: (row) => row.provider },
  { title: 'Key', cell: (row) => row.key },
  { title: 'Model', cell: (row) => row.model },
  { title: 'Tier', num: true, cell: (row) => row.tier },
  { title: 'Weight', num: true, cell: (row) => row.weight },
  { title: 'Score', num: true, cell: (row) => (typeof row.score === 'number' ? row.score.toPrecision(3) : row.score) },
  { title: 'Why not', wrap: true, cell: (row) => row.rejected },
];

function verdict(told) {
  const id = (row) => `${row.provider}/${row.key}/${row.model}`;
  const rows = (told.candidates ?? []).map((row) => ({ ...row, chosen: id(row) === told.chosen }));
  return [
    h('p', {}, told.alias ? `Alias ${told.alias}, strategy ${told.strategy}. ` : '',
      told.chosen ? `Would go to ${told.chosen}.` : told.error ?? 'Nothing can take it now.',
      told.fallbacks?.length ? ` Then: ${told.fallbacks.join(', ')}.` : ''),
    table(CANDIDATES, rows, { empty: 'no candidates' }),
  ];
}

async function explain(event) {
  event.preventDefault();
  const ask = { model: form.model.value, input_tokens: Number(form.input.value), output_tokens: Number(form.output.value) };
  for (const flag of ['stream', 'tools', 'images', 'json_schema']) ask[flag] = form[flag].checked;
  for (const name of ['provider', 'key']) if (form[name].value) ask[name] = form[name].value;
  try {
    replace(result, verdict(await post('/routes/explain', ask)));
  } catch (error) {
    replace(result, h('p', {}, error.message));
  }
}

function makeForm() {
  form = {};
  const field = (name, title, attributes) => {
    form[name] = h('input', { ...attributes, 'aria-label': title });
    return h('label', attributes.type === 'checkbox' ? { class: 'check' } : {}, ...(attributes.type === 'checkbox' ? [form[name], title] : [title, form[name]]));
  };
  return h('form', { class: 'tools', onsubmit: explain },
    field('model', 'model', { required: true, size: 20, list: 'aliases', placeholder: 'smart' }),
    field('input', 'input tokens', { type: 'number', min: 0, value: 500 }),
    field('output', 'output tokens', { type: 'number', min: 0, value: 500 }),
    field('provider', 'pinned provider', { size: 12 }), field('key', 'pinned key', { size: 12 }),
    field('stream', 'stream', { type: 'checkbox' }), field('tools', 'tools', { type: 'checkbox' }),
    field('images', 'images', { type: 'checkbox' }), field('json_schema', 'JSON schema', { type: 'checkbox' }),
    h('button', { class: 'main', type: 'submit' }, 'Explain'));
}

export const models = {
  async open(page) {
    list = h('section', {});
    result = h('section', { 'aria-live': 'polite' });
    const aliases = h('datalist', { id: 'aliases' });
    page.append(h('h2', {}, 'Where would a request go?'), makeForm(), result, h('h2', {}, 'Models'), list, aliases);
    try {
      const rows = (await get('/models')).models;
      replace(list, table(MODELS, rows, { empty: 'no aliases; ask for provider/model' }));
      replace(aliases, rows.map((row) => h('option', { value: row.name })));
      if (rows.length && !form.model.value) form.model.value = rows[0].name;
    } catch (error) {
      replace(list, h('div', { class: 'empty' }, error.message));
    }
  },
};
