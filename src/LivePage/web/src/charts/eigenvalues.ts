import type uPlot from 'uplot';
import { count, quantity } from '../format';
import { type Column, type EigenvalueColumns, positive } from '../series';
import { type Theme, translucent } from '../theme';
import { stepAxis, stepScale, valueAxis, valueScale } from './axes';
import { at, Chart, type Picture } from './chart';
import { Choice } from './choice';
import { band, edge, few, limitLine, line, lowEdge, withError } from './lines';

export interface EigenvalueInput {
  eigenvalues: EigenvalueColumns;
  steps: [number, number];
}

/** The top eigenvalues over steps, λ1 of Hessian and Gauss-Newton matrix with the band of its residual bound, and the stability limit. */
export class EigenvalueChart extends Chart<EigenvalueInput> {
  private readonly scale = new Choice('Axis of the eigenvalues', 'sharpness-axis', [['linear', 'linear'], ['log', 'log']], 'log', () => this.refresh());
  private steps: [number, number] = [0, 1];

  constructor(card: HTMLElement) {
    super(card);
    this.tools.prepend(this.scale.element);
  }

  protected override draw({ eigenvalues, steps }: EigenvalueInput, theme: Theme): Picture {
    this.steps = steps;
    const logarithmic = this.scale.value === 'log';
    const shown = (column: Column): Column => (logarithmic ? positive(column) : column);
    const { hessian, ggn, limit, further } = eigenvalues;
    const marked = few(eigenvalues.steps);
    const faint: uPlot.Series = { stroke: translucent(theme.hessian, 0.38), width: 1, spanGaps: true, points: { show: false } };
    const options: Picture['options'] = {
      cursor: { sync: { key: 'step', scales: ['x', null] }, points: { size: (_, series) => (series >= 1 && series <= 3 ? 7 : 0) }, y: false },
      scales: { x: stepScale(() => this.steps), y: valueScale(logarithmic) },
      axes: [stepAxis(theme), valueAxis(theme, logarithmic)],
      series: [{}, limitLine(theme), line(theme.ggn, marked), line(theme.hessian, marked), edge, edge, edge, edge, ...further.map(() => faint)],
      bands: [band(4, 5, theme.hessian), band(6, 7, theme.ggn)],
    };
    const rank = further.length + 1;
    return {
      options,
      data: [
        eigenvalues.steps, shown(limit), shown(ggn.value), shown(hessian.value),
        shown(hessian.high), lowEdge(hessian.low, hessian.value, logarithmic),
        shown(ggn.high), lowEdge(ggn.low, ggn.value, logarithmic),
        ...further.map(shown),
      ],
      stepped: [1],
      legend: [
        { label: 'Hessian λ₁', colour: theme.hessian, value: withError(hessian.value, hessian.high) },
        ...(rank > 1 ? [{ label: rank > 2 ? `λ₂ to λ${subscript(rank)}` : 'λ₂', colour: translucent(theme.hessian, 0.45), value: (row: number | null) => (rank > 2 ? `${quantity(at(further[0]!, row))} to ${quantity(at(further.at(-1)!, row))}` : quantity(at(further[0]!, row))) }] : []),
        ...(ggn.value.some((value) => value !== null) ? [{ label: 'GGN λ₁', colour: theme.ggn, value: withError(ggn.value, ggn.high) }] : []),
        { label: 'limit', colour: theme.limit, dashed: true, value: (row) => quantity(at(limit, row)) },
      ],
      summary: `Top eigenvalues over ${count(eigenvalues.steps.length)} measured steps; newest Hessian ${quantity(at(hessian.value, null))}, `
        + `Gauss-Newton ${quantity(at(ggn.value, null))}, stability limit ${quantity(at(limit, null))}.`,
      shape: `${logarithmic}/${marked}/${further.length}`,
      ...(eigenvalues.steps.length === 0 ? { empty: 'No measurement so far.' } : {}),
    };
  }
}

function subscript(value: number): string {
  return String(value).replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)));
}
