import assert from 'node:assert/strict';
import test from 'node:test';
import { columnBorders, shade } from '../src/cells';
import type { Measurement, Operator } from '../src/contract';
import { costColumns, eigenvalueColumns, latestModules, latestSharpness, latestSpectrum, negativeMass, negativeMassColumns, noiseColumns, positive, spectra, traceColumns, trainingColumns } from '../src/series';
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

test('the latest modules are of the operator asked for, their bars shares of the longest, and a negative one has none', () => {
  const list = [
    measured(10, 'hessian', { analysis: 'modules', modules: { a: { lambda_max: 9 } } }),
    measured(20, 'hessian', { analysis: 'modules', modules_left_out: 3, modules: { 'fc1.*': { parameters: 4, lambda_max: 3, lambda_max_residual: 1, trace: 5, trace_stderr: 0.5 }, head: { lambda_max: -1 } } }),
    measured(20, 'ggn', { analysis: 'modules', modules: { b: { lambda_max: 1 } } }),
    measured(30, 'hessian', { lambda_max: 9 }),
  ];
  const table = latestModules(list, 'hessian');
  assert.equal(table?.step, 20);
  assert.equal(table?.leftOut, 3);
  assert.deepEqual(table?.rows[0], { name: 'fc1.*', parameters: 4, sharpness: 3, residual: 1, trace: 5, stderr: 0.5, bar: 0.75, low: 0.5, high: 1 });
  assert.deepEqual([table?.rows[1]?.bar, table?.rows[1]?.low, table?.rows[1]?.high, table?.rows[1]?.trace], [0, 0, 0, undefined]);
  assert.equal(latestModules(list, 'residual'), null);
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

test('the negative mass is a share of the sum of magnitudes, and the null space weighs nothing', () => {
  assert.equal(negativeMass({ nodes: [-1, 3], weights: [0.5, 0.5] }), 0.25);
  const share = (zero: number) => negativeMass({ nodes: [-2, zero, 4], weights: [0.1, 0.8, 0.1] })!;
  assert.ok(Math.abs(share(1e-9) - share(-1e-9)) < 1e-8);
  assert.equal(negativeMass({ nodes: [0], weights: [1] }), null);
  const columns = negativeMassColumns([
    measured(10, 'ggn', { density: { nodes: [-1], weights: [1] } }),
    measured(20, 'hessian', { density: { nodes: [-1, 1], weights: [0.5, 0.5] } }),
    measured(30, 'hessian', { density: { nodes: [-1], weights: [1] }, shape: { negative_mass: 0.125 } }),
    measured(40, 'hessian', { lambda_max: 1 }),
  ], 'hessian');
  assert.deepEqual([columns.steps, columns.value, columns.high], [[20, 30], [0.5, 0.125], [null, null]]);
});

test('of several estimates of a trace the surest is drawn, with its band', () => {
  const columns = traceColumns([
    measured(10, 'hessian', { trace: 100 }),
    measured(10, 'hessian', { trace: 80, trace_stderr: 5 }),
    measured(10, 'hessian', { trace: 60, trace_stderr: 20 }),
    measured(20, 'hessian', { trace: { value: 7, stderr: 2 } }),
    measured(30, 'hessian', { trace: 9 }),
    measured(30, 'ggn', { trace: 1 }),
  ], 'hessian');
  assert.deepEqual(columns, { steps: [10, 20, 30], value: [80, 7, 9], low: [75, 5, null], high: [85, 9, null] });
});

test('a noise scale is drawn where there is one', () => {
  const columns = noiseColumns([measured(10, 'hessian'), { run: 'a', step: 20, time: '', analysis: 'gradient', gradient: { noise_scale: 50, noise_scale_stderr: 4 } }]);
  assert.deepEqual(columns, { steps: [20], value: [50], low: [46], high: [54] });
});

test('what a step cost is what its measurements cost together', () => {
  const columns = costColumns([
    measured(10, 'hessian', { cost: { seconds: 1 }, lag_steps: 3 }),
    measured(10, 'ggn', { cost: { seconds: 0.5 }, lag_steps: 5 }),
    measured(20, 'ggn', { lag_steps: 1 }),
  ]);
  assert.deepEqual(columns, { steps: [10, 20], seconds: [1.5, null], lag: [5, 1] });
});

test('the further eigenvalues have a column a rank', () => {
  const columns = eigenvalueColumns([
    measured(10, 'hessian', { lambda_max: 5, eigenvalues: [5, 3, 1] }),
    measured(20, 'hessian', { lambda_max: 6, eigenvalues: [6, 4] }),
  ]);
  assert.deepEqual(columns.further, [[3, 4], [1, null]]);
});

test('many spectra are thinned to as many as can be seen, and the newest stays', () => {
  const list = Array.from({ length: 1000 }, (_, step) => measured(step, 'hessian', { density: { nodes: [step], weights: [1] } }));
  const rows = spectra(list, 'hessian', 240);
  assert.ok(rows.length <= 240 && rows.length >= 120);
  assert.equal(rows.at(-1)?.step, 999);
});

test('the columns of a heat map meet halfway between the steps', () => {
  assert.deepEqual(columnBorders([10, 20, 40]), [5, 15, 30, 50]);
  assert.deepEqual(columnBorders([7]), [6.5, 7.5]);
  assert.equal(shade(1), 1);
  assert.ok(shade(1e-3) < shade(1e-2) && shade(1e-9) === shade(1e-6));
});
