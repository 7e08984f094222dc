import type uPlot from 'uplot';
import { count, quantity } from '../format';
import type { Column, Estimates } from '../series';
import type { Theme } from '../theme';
import { stepAxis, stepScale, valueAxis } from './axes';
import { at, Chart, type Picture } from './chart';
import { band, edge, few, line, withError } from './lines';

export interface EstimateInput {
  estimates: Estimates;
  steps: [number, number];
  /** A level to compare with, such as the batch size. */
  level?: number;
}

export interface EstimateStyle {
  name: string;
  colour: (theme: Theme) => string;
  /** How a value is read out; with three digits and its error where nothing is said. */
  format?: (value: number | null) => string;
  /** How the ticks are written. */
  tick?: (value: number) => string;
  level?: string;
  empty: string;
  /** The lower end of the axis is zero. */
  fromZero?: boolean;
}

/** One estimate over steps with the band of its standard error. */
export class EstimateChart extends Chart<EstimateInput> {
  private steps: [number, number] = [0, 1];

  constructor(card: HTMLElement, private readonly style: EstimateStyle) {
    super(card);
  }

  protected override draw({ estimates, steps, level }: EstimateInput, theme: Theme): Picture {
    this.steps = steps;
    const { style } = this;
    const colour = style.colour(theme);
    const marked = few(estimates.steps);
    const levels: Column = estimates.steps.map(() => level ?? null);
    const read = style.format;
    const tick = style.tick;
    return {
      options: {
        cursor: { sync: { key: 'step', scales: ['x', null] }, points: { size: (_, series) => (series === 1 ? 7 : 0) }, y: false },
        scales: { x: stepScale(() => this.steps), y: { range: (_, min, max) => around(min, max, style.fromZero === true) } },
        axes: [stepAxis(theme), valueAxis(theme, false, tick ? { values: (_, ticks) => ticks.map(tick) } : {})],
        series: [{}, line(colour, marked), edge, edge, { stroke: theme.limit, width: 1.5, dash: [7, 4], points: { show: false } } satisfies uPlot.Series],
        bands: [band(2, 3, colour)],
      },
      data: [estimates.steps, estimates.value, estimates.high, estimates.low, levels],
      legend: [
        { label: style.name, colour, value: read ? (row) => read(at(estimates.value, row)) : withError(estimates.value, estimates.high) },
        ...(level === undefined ? [] : [{ label: style.level ?? 'level', colour: theme.limit, dashed: true, value: () => quantity(level) }]),
      ],
      summary: `${style.name} at ${count(estimates.steps.length)} steps; the newest is ${quantity(at(estimates.value, null))}.`,
      shape: String(marked),
      ...(estimates.steps.length === 0 ? { empty: style.empty } : {}),
    };
  }
}

function around(min: number | null, max: number | null, fromZero: boolean): [number, number] {
  if (min === null || max === null) {
    return [0, 1];
  }
  const low = fromZero ? Math.min(0, min) : min;
  const span = max - low || Math.abs(max) || 1;
  return [low < 0 || !fromZero ? low - 0.08 * span : low, max + 0.08 * span];
}
