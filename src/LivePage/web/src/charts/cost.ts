import { count, quantity, tickLabel } from '../format';
import type { CostColumns } from '../series';
import type { Theme } from '../theme';
import { stepAxis, stepScale, valueAxis } from './axes';
import { at, axis, Chart, type Picture } from './chart';
import { few, line } from './lines';

export interface CostInput {
  cost: CostColumns;
  steps: [number, number];
}

/** Seconds that measuring a step took, and how many steps the training had gone on by. */
export class CostChart extends Chart<CostInput> {
  private steps: [number, number] = [0, 1];

  protected override draw({ cost, steps }: CostInput, theme: Theme): Picture {
    this.steps = steps;
    const marked = few(cost.steps);
    return {
      options: {
        cursor: { sync: { key: 'step', scales: ['x', null] }, points: { size: 7 }, y: false },
        scales: {
          x: stepScale(() => this.steps),
          y: { range: (_, __, max) => [0, max ? max * 1.1 : 1] },
          lag: { range: (_, __, max) => [0, Math.max(4, max ? max * 1.1 : 1)] },
        },
        axes: [
          stepAxis(theme),
          valueAxis(theme, false),
          axis(theme, { scale: 'lag', side: 1, size: 40, space: 30, grid: { show: false }, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? tickLabel(tick) : '')) }),
        ],
        series: [
          {},
          line(theme.cost, marked),
          { scale: 'lag', stroke: theme.learningRate, width: 1.5, dash: [2, 3], spanGaps: true, points: { show: false } },
        ],
      },
      data: [cost.steps, cost.seconds, cost.lag],
      legend: [
        { label: 'seconds', colour: theme.cost, value: (row) => quantity(at(cost.seconds, row)) },
        { label: 'lag (right)', colour: theme.learningRate, dashed: true, value: (row) => `${count(at(cost.lag, row))} steps` },
      ],
      summary: `Measuring the newest step took ${quantity(at(cost.seconds, null))} seconds, and the result came ${count(at(cost.lag, null))} steps late.`,
      shape: String(marked),
      ...(cost.steps.length === 0 ? { empty: 'No measurement so far.' } : {}),
    };
  }
}
