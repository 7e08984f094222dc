// The blocks of modules: a row a module, with its sharpness as a bar.
import type { Measurement } from './contract';
import { byId, create, setText } from './dom';
import { count, quantity } from './format';
import { latestModules, type ModuleRow } from './series';

/** The modules of the newest measurement: of the Hessian, or of the Gauss-Newton matrix in a run without it. */
export function showModules(measurements: readonly Measurement[]): void {
  const table = latestModules(measurements, 'hessian') ?? latestModules(measurements, 'ggn');
  byId('modules-card').hidden = table === null;
  if (table === null) {
    return;
  }
  const of = table.operator === 'hessian' ? 'Hessian' : 'Gauss-Newton matrix';
  const more = table.leftOut === 0 ? '' : `, ${count(table.leftOut)} more are not measured`;
  setText(byId('modules-about'), `Blocks of the ${of} at step ${count(table.step)}${more}`);
  const body = byId('modules');
  const key = JSON.stringify(table);
  if (body.dataset['key'] !== key) {
    body.dataset['key'] = key;
    body.replaceChildren(...table.rows.map(rowOf));
  }
}

function rowOf(row: ModuleRow): HTMLElement {
  const name = create('th', '', row.name);
  name.scope = 'row';
  name.title = row.name;
  const bar = create('td', 'bar');
  const track = create('div');
  const value = create('b');
  value.style.width = `${100 * row.bar}%`;
  const bound = create('i');
  bound.style.left = `${100 * row.low}%`;
  bound.style.width = `${100 * (row.high - row.low)}%`;
  track.append(value, bound);
  bar.append(track);
  const element = create('tr');
  element.append(name, bar, create('td', 'number', estimate(row.sharpness, row.residual)), create('td', 'number', estimate(row.trace, row.stderr)),
    create('td', 'number', count(row.parameters)));
  return element;
}

function estimate(value: number | undefined, error: number | undefined): string {
  return value === undefined || error === undefined ? quantity(value) : `${quantity(value)} ± ${quantity(error, 2)}`;
}
