import type uPlot from 'uplot';
import { count, quantity, tickLabel } from '../format';
import { positive, type TrainingColumns } from '../series';
import type { Theme } from '../theme';
import { stepAxis, stepScale, valueAxis, valueScale } from './axes';
import { at, axis, Chart, type Picture } from './chart';
import { Choice } from './choice';

export interface LossInput {
  training: TrainingColumns;
  steps: [number, number];
}

/** Training loss over steps, and the learning rate on an axis of its own. */
export class LossChart extends Chart<LossInput> {
  private readonly loss = new Choice('Axis of the loss', 'loss-axis', [['linear', 'linear'], ['log', 'log']], 'linear', () => this.refresh());
  private steps: [number, number] = [0, 1];

  constructor(card: HTMLElement) {
    super(card);
    this.tools.prepend(this.loss.element);
  }

  protected override draw({ training, steps }: LossInput, theme: Theme): Picture {
    this.steps = steps;
    const logarithmic = this.loss.value === 'log';
    const loss = logarithmic ? positive(training.loss) : training.loss;
    const options: Picture['options'] = {
      cursor: { sync: { key: 'step', scales: ['x', null] }, points: { size: 7 }, y: false },
      scales: {
        x: stepScale(() => this.steps),
        y: valueScale(logarithmic),
        rate: { range: (_, min, max) => (min === null || max === null ? [0, 1] : [0, max > 0 ? max * 1.15 : 1]) },
      },
      axes: [
        stepAxis(theme),
        valueAxis(theme, logarithmic),
        axis(theme, { scale: 'rate', side: 1, size: 52, space: 30, grid: { show: false }, values: (_, ticks) => ticks.map(tickLabel) }),
      ],
      series: [
        {},
        { scale: 'y', stroke: theme.loss, width: 1.5, points: { show: training.steps.length < 3, size: 5 } },
        { scale: 'rate', stroke: theme.learningRate, width: 1.5, dash: [2, 3], points: { show: false } } satisfies uPlot.Series,
      ],
    };
    return {
      options,
      data: [training.steps, loss, training.learningRate],
      legend: [
        { label: 'loss', colour: theme.loss, value: (row) => quantity(at(training.loss, row), 4) },
        { label: 'learning rate (right)', colour: theme.learningRate, dashed: true, value: (row) => quantity(at(training.learningRate, row)) },
      ],
      summary: `Training loss over ${count(training.steps.length)} points; the newest is ${quantity(at(training.loss, null), 4)} at step ${count(training.steps.at(-1))}.`,
      shape: `${logarithmic}/${training.steps.length < 3}`,
      ...(training.steps.length === 0 ? { empty: 'No training step so far.' } : {}),
    };
  }
}
