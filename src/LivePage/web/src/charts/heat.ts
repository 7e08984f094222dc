import type { Measurement, Operator } from '../contract';
import { columnBorders, FAINTEST, shade } from '../cells';
import { count, quantity, tickLabel } from '../format';
import { extent, symexp, symlog, symlogThreshold, symlogTicks } from '../scale';
import { spectra, type SpectrumRow } from '../series';
import { mixed, type Theme } from '../theme';
import { stepAxis, stepScale, symmetricScale } from './axes';
import { axis, Chart, type Picture } from './chart';
import { Choice } from './choice';
import { limitLine } from './lines';
import { OPERATORS } from './operators';
import type { Pen } from './pen';
import type { Place } from './svg';

export interface HeatInput {
  measurements: readonly Measurement[];
  steps: [number, number];
}

const ROWS = 40;
const MOST_COLUMNS = 240;
const SHADES = 24;
/** Weights whose shades the legend shows: one a decade. */
const RAMP = Array.from({ length: 7 }, (_, index) => FAINTEST ** (1 - index / 6));

/** Spectra over steps: the shade of a cell is the logarithm of the weight that the density has in a row of eigenvalues. */
export class HeatChart extends Chart<HeatInput> {
  private readonly operator = new Choice<Operator>('Operator of the heat map', 'heat-operator', OPERATORS, 'hessian', () => this.refresh());
  private steps: [number, number] = [0, 1];
  private limits: [number, number] = [0, 1];

  constructor(card: HTMLElement) {
    super(card);
    this.tools.prepend(this.operator.element);
  }

  protected override draw({ measurements, steps }: HeatInput, theme: Theme): Picture {
    this.steps = steps;
    const operator = this.operator.value;
    const name = OPERATORS.find(([value]) => value === operator)![1];
    const rows = spectra(measurements, operator, MOST_COLUMNS);
    const [low, high] = extent(rows.flatMap((row) => row.density.nodes)) ?? [0, 1];
    const threshold = symlogThreshold(low, high);
    this.limits = [Math.min(low, 0), Math.max(high, 0, ...rows.map((row) => row.limit ?? 0).filter((limit) => limit < 4 * high))];
    const colour = theme[operator];
    const top = rows.map((row) => extent(row.density.nodes)?.[1] ?? null);
    return {
      options: {
        cursor: { sync: { key: 'step', scales: ['x', null] }, points: { show: false }, y: false },
        scales: { x: stepScale(() => this.steps), y: symmetricScale(() => this.limits, threshold) },
        axes: [
          stepAxis(theme),
          axis(theme, {
            size: 52,
            values: (_, ticks) => ticks.map((tick) => tickLabel(tick)),
            splits: (plot, _, min, max) => symlogTicks(min, max, threshold, 24 * devicePixelRatio / plot.bbox.height),
            filter: (_, ticks) => ticks,
            grid: { show: false },
          }),
        ],
        series: [{}, { stroke: 'transparent', width: 0, points: { show: false } }, limitLine(theme)],
      },
      data: [rows.map((row) => row.step), top, rows.map((row) => row.limit)],
      stepped: [2],
      paint: (place, pen) => paintCells(place, pen, rows, this.limits, threshold, theme.card, colour),
      legend: [
        { label: `weight ${quantity(FAINTEST)} to 1`, colour, ramp: RAMP.map((weight) => mixed(theme.card, colour, shade(weight))), value: () => '' },
        { label: 'λ', colour: 'transparent', value: (row) => (rows.length === 0 ? '' : reach(rows[row ?? rows.length - 1])) },
        ...(rows.some((row) => row.limit !== null) ? [{ label: 'limit', colour: theme.limit, dashed: true, value: () => '' }] : []),
      ],
      summary: `Spectra of the ${name} at ${count(rows.length)} steps, eigenvalues from ${quantity(low)} to ${quantity(high)}.`,
      shape: `${operator}/${threshold}`,
      ...(rows.length === 0 ? { empty: `No spectrum of the ${name} so far.` } : {}),
    };
  }
}

function reach(row: SpectrumRow | undefined): string {
  const ends = row && extent(row.density.nodes);
  return ends ? `${quantity(ends[0])} to ${quantity(ends[1])} at step ${count(row.step)}` : '';
}

function paintCells(place: Place, pen: Pen, rows: readonly SpectrumRow[], limits: [number, number], threshold: number, from: string, to: string): void {
  const bottom = symlog(limits[0], threshold);
  const step = (symlog(limits[1], threshold) - bottom) / ROWS;
  const colours = Array.from({ length: SHADES + 1 }, (_, index) => mixed(from, to, index / SHADES));
  const borders = columnBorders(rows.map((row) => row.step));
  const edges = Array.from({ length: ROWS + 1 }, (_, index) => place.y(symexp(bottom + index * step, threshold)));
  rows.forEach(({ density }, column) => {
    const cells = new Float64Array(ROWS);
    density.nodes.forEach((node, index) => {
      const row = Math.min(ROWS - 1, Math.max(0, Math.floor((symlog(node, threshold) - bottom) / step)));
      cells[row]! += density.weights[index] ?? 0;
    });
    const left = place.x(borders[column]!);
    const width = place.x(borders[column + 1]!) - left;
    cells.forEach((weight, row) => {
      if (weight > 0) {
        pen.rectangle(left, edges[row + 1]!, width, edges[row]! - edges[row + 1]!, colours[Math.round(SHADES * shade(weight))]!);
      }
    });
  });
}
