import type { Measurement, Operator } from '../contract';
import { count, quantity } from '../format';
import { extent, symlogThreshold } from '../scale';
import { latestSpectrum, positive } from '../series';
import type { Theme } from '../theme';
import { eigenvalueAxis, eigenvalueScale, valueAxis } from './axes';
import { at, Chart, type Picture } from './chart';
import { Choice } from './choice';
import { OPERATORS } from './operators';
import type { Pen } from './pen';
import type { Place } from './svg';

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
    this.tools.prepend(this.operator.element, this.scale.element);
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
      series: [{}, { stroke: colour, width: 0, points: { show: true, size: 5, fill: colour, stroke: colour, width: 0 }, paths: () => null }],
    };
    const weights = positive(stems.weights).map((weight) => (weight === null ? null : Math.max(weight, this.floor)));
    const limit = this.limit;
    return {
      options,
      data: [stems.nodes, weights],
      paint: (place, pen) => {
        stems.nodes.forEach((node, index) => {
          const weight = weights[index];
          if (weight !== null && weight !== undefined) {
            pen.line(place.x(node), place.top + place.height, place.x(node), place.y(weight), colour, 1.5);
          }
        });
        paintMarks(place, pen, limit, theme);
      },
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
}

/** Lines at zero and at the stability limit. */
function paintMarks(place: Place, pen: Pen, limit: number | null, theme: Theme): void {
  const zero = place.x(0);
  pen.line(zero, place.top, zero, place.top + place.height, theme.soft);
  if (limit !== null) {
    const x = place.x(limit);
    const right = x > place.left + place.width / 2;
    pen.line(x, place.top, x, place.top + place.height, theme.limit, 1.75, [7, 4]);
    pen.text(x + (right ? -5 : 5), place.top + 2, 'limit', { colour: theme.limit, anchor: right ? 'end' : 'start', baseline: 'top' });
  }
}
