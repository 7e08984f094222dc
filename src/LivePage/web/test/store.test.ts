import assert from 'node:assert/strict';
import test from 'node:test';
import { continued } from '../src/api';
import type { Measurement, RunSummary, TrainingPoint } from '../src/contract';
import { addEvent, addMeasurement, addTraining, continueHistory, emptyView, preferredRun, Store } from '../src/store';

const point = (step: number, loss = step): TrainingPoint => ({ run: 'a', step, time: '', loss });
const measurement = (step: number, lambda: number): Measurement =>
  ({ run: 'a', step, time: '', analysis: 'spectrum', operator: 'hessian', lambda_max: lambda });
const summary = (run: string, start: string, state: RunSummary['state'] = 'running'): RunSummary => ({ run, start_time: start, state });

test('training points rise in step; the same step is replaced and late news is ignored', () => {
  let points: TrainingPoint[] = [];
  for (const next of [point(1), point(3), point(2), point(3, 9)]) {
    points = addTraining(points, next);
  }
  assert.deepEqual(points.map(({ step, loss }) => [step, loss]), [[1, 1], [3, 9]]);
});

test('a long training is thinned, and its newest point stays', () => {
  let points: TrainingPoint[] = [];
  for (let step = 0; step < 50000; step++) {
    points = addTraining(points, point(step));
  }
  assert.ok(points.length <= 8000);
  assert.equal(points.at(-1)?.step, 49999);
});

test('measurements are kept in order of step, one for each analysis and operator', () => {
  let list: Measurement[] = [];
  for (const next of [measurement(10, 1), measurement(30, 3), measurement(20, 2), measurement(30, 4)]) {
    list = addMeasurement(list, next);
  }
  assert.deepEqual(list.map((one) => one.lambda_max), [1, 2, 4]);
});

test('the newest of an analysis of a step is the one that stays, whatever came in between', () => {
  let list: Measurement[] = [];
  const trace: Measurement = { ...measurement(10, 0), analysis: 'trace' };
  for (const next of [measurement(10, 1), trace, { ...measurement(10, 2), operator: 'ggn' as const }, measurement(11, 3), measurement(10, 4)]) {
    list = addMeasurement(list, next);
  }
  assert.deepEqual(list.map(({ step, analysis, operator, lambda_max }) => [step, analysis, operator, lambda_max]), [
    [10, 'spectrum', 'hessian', 4], [10, 'trace', 'hessian', 0], [10, 'spectrum', 'ggn', 2], [11, 'spectrum', 'hessian', 3],
  ]);
});

test('pages make one history, and what comes in between is kept', () => {
  const run = summary('a', '2026-01-01T00:00:00Z');
  const first = { run, training: [point(1), point(2)], measurements: [measurement(1, 1)], events: [], next_after: 1 };
  const last = { run: { ...run, step: 4 }, training: [point(3), point(4)], measurements: [measurement(3, 3)], events: [] };
  const whole = continued(first, last);
  assert.equal(whole.next_after, undefined);
  assert.equal(whole.run.step, 4);

  let view = continueHistory(first, emptyView('a'));
  view.training = addTraining(view.training, point(5));
  view.measurements = addMeasurement(view.measurements, measurement(5, 5));
  view = continueHistory(whole, view);
  assert.deepEqual(view.training.map(({ step }) => step), [1, 2, 3, 4, 5]);
  assert.deepEqual(view.measurements.map(({ step }) => step), [1, 3, 5]);
});

test('what arrived while the history was on its way continues it without doubles', () => {
  const live = emptyView('a');
  live.training = [point(2), point(3)];
  live.measurements = [measurement(2, 7), measurement(3, 8)];
  live.events = addEvent([], { time: 't', kind: 'state', text: 'finished' });
  const view = continueHistory(
    { run: summary('a', '2025-01-01'), training: [point(1), point(2)], measurements: [measurement(2, 7)], events: [{ time: 't', kind: 'state', text: 'finished' }] },
    live);
  assert.deepEqual(view.training.map(({ step }) => step), [1, 2, 3]);
  assert.deepEqual(view.measurements.map(({ step }) => step), [2, 3]);
  assert.equal(view.events.length, 1);
});

test('the run to show is the newest that runs, else the newest', () => {
  assert.equal(preferredRun([]), null);
  assert.equal(preferredRun([summary('a', '2025-01-01'), summary('b', '2025-01-02', 'finished')]), 'a');
  assert.equal(preferredRun([summary('a', '2025-01-01', 'failed'), summary('b', '2025-01-02', 'finished')]), 'b');
});

test('a loss that became absent does not stay at its last value', () => {
  const store = new Store(() => {});
  store.setRuns([{ ...summary('a', '2025-01-01'), step: 1, loss: 0.5, accuracy: 0.9 }]);
  store.applyTraining({ run: 'a', step: 2, time: '' });
  assert.equal(store.runs.get('a')?.loss, undefined);
  assert.equal(store.runs.get('a')?.step, 2);
  assert.equal(store.runs.get('a')?.accuracy, 0.9);
});

test('a chosen run that is gone gives way to the preferred one', () => {
  const store = new Store(() => {});
  store.chosen = 'a';
  store.setRuns([summary('a', '2025-01-01'), summary('b', '2025-01-02')]);
  assert.equal(store.wanted(), 'a');
  store.setRuns([summary('b', '2025-01-02')]);
  assert.equal(store.wanted(), 'b');
});

test('a branch of a run takes the place of what was known from its first step on, whichever comes first', () => {
  const again = { branch: 2, branch_step: 20 };
  let points: TrainingPoint[] = [];
  for (const next of [point(10), point(20), point(30), { ...point(20, 7), ...again }, point(40), { ...point(25, 8), ...again }]) {
    points = addTraining(points, next);
  }
  assert.deepEqual(points.map(({ step, loss }) => [step, loss]), [[10, 10], [20, 7], [25, 8]]);
  let list: Measurement[] = [];
  for (const next of [measurement(10, 1), measurement(30, 3), { ...measurement(25, 4), ...again }, measurement(40, 5)]) {
    list = addMeasurement(list, next);
  }
  assert.deepEqual(list.map((one) => one.lambda_max), [1, 4]);
});
