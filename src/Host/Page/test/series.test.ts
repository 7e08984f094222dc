import assert from 'node:assert/strict';
import test from 'node:test';
import type { Measurement, Operator } from '../src/contract';
import { latestSharpness, latestSpectrum, positive, eigenvalueColumns, trainingColumns } from '../src/series';
import { bandOf, gaugePosition } from '../src/stability';

function measured(step: number, operator: Operator, more: Partial<Measurement> = {}): Measurement {
  return { run: 'a', step, time: '2025-01-01T00:00:00Z', analysis: 'spectrum', operator, ...more };
}

test('a step at which an operator was not measured has no number', () => {
  const columns = eigenvalueColumns([
    measured(20, 'ggn', { lambda_max: 4 }),
    measured(10, 'hessian', { lambda_max: 5, lambda_max_residual: 1, stability: { kind: 'full', limit: 20 } }),
    measured(30, 'residual', { lambda_max: 1 }),
  ]);
  assert.deepEqual(columns.steps, [10, 20]);
  assert.deepEqual(columns.hessian, { value: [5, null], low: [4, null], high: [6, null] });
  assert.deepEqual(columns.ggn, { value: [null, 4], low: [null, null], high: [null, null] });
  assert.deepEqual(columns.limit, [20, null]);
});

test('a limit of another kind is not drawn as the full one', () => {
  const columns = eigenvalueColumns([measured(10, 'hessian', { lambda_max: 5, stability: { kind: 'preconditioned', limit: 38 } })]);
  assert.deepEqual(columns.limit, [null]);
});

test('the latest spectrum is of the operator asked for, its nodes rising', () => {
  const list = [
    measured(10, 'hessian', { density: { nodes: [3, -1, 2], weights: [0.2, 0.5, 0.3] } }),
    measured(10, 'ggn', { density: { nodes: [1], weights: [1] } }),
    measured(20, 'hessian', { lambda_max: 9 }),
  ];
  assert.deepEqual(latestSpectrum(list, 'hessian'), { step: 10, nodes: [-1, 2, 3], weights: [0.5, 0.3, 0.2], limit: null });
  assert.equal(latestSpectrum(list, 'residual'), null);
  assert.equal(latestSharpness(list, 'hessian')?.step, 20);
});

test('training columns keep absence', () => {
  assert.deepEqual(trainingColumns([{ step: 1, time: '', loss: 2 }, { step: 2, time: '', learning_rate: 0.1 }]),
    { steps: [1, 2], loss: [2, null], learningRate: [null, 0.1] });
});

test('a logarithmic axis shows what is positive', () => {
  assert.deepEqual(positive([1, 0, -1, null]), [1, null, null, null]);
});

test('a ratio falls into one band', () => {
  assert.deepEqual([undefined, NaN, -1, 0.49, 0.5, 0.89, 0.9, 1.2, 1.21, 50].map(bandOf),
    ['unknown', 'unknown', 'calm', 'calm', 'approaching', 'approaching', 'edge', 'edge', 'unstable', 'unstable']);
  assert.deepEqual([-1, 0, 1, 2, 9].map(gaugePosition), [0, 0, 0.5, 1, 1]);
});
