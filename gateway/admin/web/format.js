// Numbers for people.
export function count(value) {
  if (value === null || value === undefined) return '–';
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)}G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(1)}k`;
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}

export function ms(value) {
  if (value === null || value === undefined) return '–';
  if (value >= 60000) return `${(value / 60000).toFixed(1)} min`;
  if (value >= 10000) return `${(value / 1000).toFixed(1)} s`;
  return value >= 100 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`;
}

export const percent = (ratio) => `${(100 * ratio).toFixed(ratio > 0 && ratio < 0.1 ? 1 : 0)} %`;

export function usd(value) {
  if (value === null || value === undefined) return 'unknown';
  const number = Number(value);
  if (number === 0) return '$0';
  return `$${number >= 1 ? number.toFixed(2) : number.toPrecision(2)}`;
}

export function seconds(value) {
  if (!value) return '';
  if (value >= 7200) return `${Math.round(value / 3600)} h`;
  return value >= 120 ? `${Math.round(value / 60)} min` : `${Math.ceil(value)} s`;
}

export const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour12: false });
