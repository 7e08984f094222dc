import uPlot from 'uplot';
import { count, quantity } from '../format';
import { type Column, positive, type SharpnessColumns } from '../series';
import { type Theme, translucent } from '../theme';
import { stepAxis, stepScale, valueAxis, valueScale } from './axes';
import { at, Chart, type Picture } from './chart';
import { Choice } from './choice';

export interface SharpnessInput {
  sharpness: SharpnessColumns;
  steps: [number, number];
}

/** λ1 of the Hessian and of the Gauss-Newton matrix over steps, each with the band of its residual bound, and the stability limit. */
export class SharpnessChart extends Chart<SharpnessInput> {
  private readonly scale = new Choice('Axis of the sharpness', 'sharpness-axis', [['linear', 'linear'], ['log', 'log']], 'log', () => this.refresh());
  private steps: [number, number] = [0, 1];

  constructor(card: HTMLElement) {
    super(card);
    this.tools.append(this.scale.element);
  }

  protected override draw({ sharpness, steps }: SharpnessInput, theme: Theme): Picture {
    this.steps = steps;
    const logarithmic = this.scale.value === 'log';
    const shown = (column: Column): Column => (logarithmic ? positive(column) : column);
    const { hessian, ggn, limit } = sharpness;
    const few = sharpness.steps.length < 60;
    const line = (colour: string): uPlot.Series => ({ stroke: colour, width: 2, spanGaps: true, points: { show: few, size: 5, fill: colour } });
    const edge: uPlot.Series = { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } };
    const withinCursor = (_: uPlot, series: number): number => (series === 1 || series === 2 || series === 3 ? 7 : 0);
    const options: Picture['options'] = {
      cursor: { sync: { key: 'step', scales: ['x', null] }, points: { size: withinCursor }, y: false },
      scales: { x: stepScale(() => this.steps), y: valueScale(logarithmic) },
      axes: [stepAxis(theme), valueAxis(theme, logarithmic)],
      series: [
        {},
        { stroke: theme.limit, width: 2, dash: [7, 4], spanGaps: true, points: { show: false }, paths: uPlot.paths.stepped!({ align: 1 }) },
        line(theme.ggn),
        line(theme.hessian),
        edge, edge, edge, edge,
      ],
      bands: [
        { series: [4, 5], fill: translucent(theme.hessian, 0.22) },
        { series: [6, 7], fill: translucent(theme.ggn, 0.22) },
      ],
    };
    const withError = (value: Column, high: Column) => (row: number | null): string => {
      const middle = at(value, row);
      const top = row === null && middle === null ? null : at(high, row);
      return middle === null || top === null ? quantity(middle) : `${quantity(middle)} ± ${quantity(top - middle, 2)}`;
    };
    return {
      options,
      data: [
        sharpness.steps, shown(limit), shown(ggn.value), shown(hessian.value),
        shown(hessian.high), lowEdge(hessian.low, hessian.value, logarithmic),
        shown(ggn.high), lowEdge(ggn.low, ggn.value, logarithmic),
      ],
      legend: [
        { label: 'Hessian', colour: theme.hessian, value: withError(hessian.value, hessian.high) },
        { label: 'GGN', colour: theme.ggn, value: withError(ggn.value, ggn.high) },
        { label: 'limit', colour: theme.limit, dashed: true, value: (row) => quantity(at(limit, row)) },
      ],
      summary: `Sharpness over ${count(sharpness.steps.length)} measured steps; newest Hessian ${quantity(at(hessian.value, null))}, `
        + `Gauss-Newton ${quantity(at(ggn.value, null))}, stability limit ${quantity(at(limit, null))}.`,
      shape: `${logarithmic}/${few}`,
      ...(sharpness.steps.length === 0 ? { empty: 'No measurement so far.' } : {}),
    };
  }
}

/** Lower edge of a band. On a logarithmic axis an edge at or below zero lies infinitely far down: it is drawn three decades below the value. */
function lowEdge(low: Column, value: Column, logarithmic: boolean): Column {
  return logarithmic ? low.map((bound, i) => (bound === null || value[i] === null ? null : Math.max(bound, value[i]! * 1e-3) || null)) : low;
}
