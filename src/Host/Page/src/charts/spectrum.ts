import uPlot from 'uplot';
import type { Measurement, Operator } from '../contract';
import { count, quantity } from '../format';
import { extent, symlogThreshold } from '../scale';
import { latestSpectrum, positive } from '../series';
import { FONT, type Theme } from '../theme';
import { eigenvalueAxis, eigenvalueScale, valueAxis } from './axes';
import { at, Chart, type Picture } from './chart';
import { Choice } from './choice';

const OPERATORS: readonly (readonly [Operator, string])[] = [['hessian', 'Hessian'], ['ggn', 'GGN'], ['residual', 'residual']];

/** Weights below this are rounding of the Lanczos start vector; stems that small are cut off at the axis. */
const SMALLEST_WEIGHT = 1e-12;

/** The newest spectral density of an operator: a stem of weight w at each Ritz value θ, the weights on a logarithmic axis. */
export class SpectrumChart extends Chart<readonly Measurement[]> {
  private readonly operator = new Choice<Operator>('Operator', 'spectrum-operator', OPERATORS, 'hessian', () => this.refresh());
  private readonly scale = new Choice('Axis of the eigenvalues', 'spectrum-axis', [['linear', 'linear'], ['symlog', '± log']], 'symlog', () => this.refresh());
  private limits: [number, number] = [0, 1];
  private floor = SMALLEST_WEIGHT;
  private limit: number | null = null;

  constructor(card: HTMLElement) {
    super(card);
    this.tools.append(this.operator.element, this.scale.element);
  }

  protected override draw(measurements: readonly Measurement[], theme: Theme): Picture {
    const operator = this.operator.value;
    const name = OPERATORS.find(([value]) => value === operator)![1];
    const stems = latestSpectrum(measurements, operator) ?? { step: 0, nodes: [], weights: [], limit: null };
    const colour = theme[operator];
    const symmetricLog = this.scale.value === 'symlog';
    const [low, high] = extent(stems.nodes) ?? [0, 1];
    // The limit is always in sight on the wide axis; on the linear one only where it does not crush the spectrum.
    this.limit = operator !== 'residual' && stems.limit !== null && (symmetricLog || stems.limit < 1.6 * high) ? stems.limit : null;
    this.limits = [Math.min(low, 0), Math.max(high, this.limit ?? high, 0)];
    this.floor = Math.max(SMALLEST_WEIGHT, 10 ** Math.floor(Math.log10(extent(stems.weights, (weight) => weight > 0)?.[0] ?? 1e-6) - 0.3));
    const threshold = symmetricLog ? symlogThreshold(low, high) : null;
    const options: Picture['options'] = {
      cursor: { points: { size: 8 }, y: false },
      scales: { x: eigenvalueScale(() => this.limits, threshold), y: { distr: 3, range: () => [this.floor, 2] } },
      axes: [eigenvalueAxis(theme, threshold), valueAxis(theme, true, { size: 56 })],
      series: [{}, { stroke: colour, width: 1.5, points: { show: true, size: 5, fill: colour, stroke: colour }, paths: stemPaths }],
      hooks: { drawAxes: [(plot) => this.drawMarks(plot, theme)] },
    };
    return {
      options,
      data: [stems.nodes, positive(stems.weights).map((weight) => (weight === null ? null : Math.max(weight, this.floor)))],
      legend: [{
        label: '',
        colour,
        value: (row) => (row === null
          ? `step ${count(stems.step)}, ${count(stems.nodes.length)} nodes`
          : `λ ${quantity(at(stems.nodes, row), 4)}, weight ${quantity(at(stems.weights, row))}`),
      }],
      summary: `Spectrum of the ${name} at step ${count(stems.step)}: ${count(stems.nodes.length)} nodes from ${quantity(low)} to ${quantity(high)}.`,
      shape: `${operator}/${threshold}`,
      ...(stems.nodes.length === 0 ? { empty: `No spectrum of the ${name} so far.` } : {}),
    };
  }

  /** Lines at zero and at the stability limit. */
  private drawMarks(plot: uPlot, theme: Theme): void {
    const { ctx, bbox } = plot;
    const vertical = (value: number, colour: string, dash: number[]): number => {
      const x = Math.round(plot.valToPos(value, 'x', true));
      ctx.strokeStyle = colour;
      ctx.setLineDash(dash.map((part) => part * devicePixelRatio));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      return x;
    };
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.lineWidth = devicePixelRatio;
    vertical(0, theme.soft, []);
    if (this.limit !== null) {
      ctx.lineWidth = 2 * devicePixelRatio;
      const x = vertical(this.limit, theme.limit, [7, 4]);
      ctx.fillStyle = theme.limit;
      ctx.font = FONT.replace('12px', `${12 * devicePixelRatio}px`);
      ctx.textBaseline = 'top';
      const right = x > bbox.left + bbox.width / 2;
      ctx.textAlign = right ? 'right' : 'left';
      ctx.fillText('limit', x + (right ? -5 : 5) * devicePixelRatio, bbox.top + 2 * devicePixelRatio);
    }
    ctx.restore();
  }
}

/** A vertical line from the lower end of the axis to each point. */
const stemPaths: uPlot.Series.PathBuilder = (plot, series, first, last) => {
  const path = new Path2D();
  const bottom = plot.bbox.top + plot.bbox.height;
  const nodes = plot.data[0];
  const weights = plot.data[series];
  for (let i = first; i <= last; i++) {
    const weight = weights?.[i];
    if (weight !== null && weight !== undefined) {
      const x = plot.valToPos(nodes[i]!, 'x', true);
      path.moveTo(x, bottom);
      path.lineTo(x, plot.valToPos(weight, 'y', true));
    }
  }
  return { stroke: path, fill: null, clip: null, band: null, gaps: [], flags: 0 };
};
