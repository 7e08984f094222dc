// From the contract's records to the columns that charts draw. All functions are pure.
import type { Density, Estimate, Measurement, Operator, TrainingPoint } from './contract';

export type Column = (number | null)[];

export interface TrainingColumns {
  steps: number[];
  loss: Column;
  learningRate: Column;
}

export function trainingColumns(points: readonly TrainingPoint[]): TrainingColumns {
  return {
    steps: points.map((point) => point.step),
    loss: points.map((point) => point.loss ?? null),
    learningRate: points.map((point) => point.learning_rate ?? null),
  };
}

export interface Interval {
  value: Column;
  low: Column;
  high: Column;
}

export interface EigenvalueColumns {
  steps: number[];
  /** λ1 of an operator and the interval of its residual bound. */
  hessian: Interval;
  ggn: Interval;
  /** λ2, λ3, … of the Hessian, as far as they were resolved. */
  further: Column[];
  limit: Column;
}

/** Most eigenvalues that are drawn; beyond them lines blur into the bulk. */
const MOST_EIGENVALUES = 8;

/** What is picked of the measurements of each step, the newest one of a step. */
function bySteps<T>(measurements: readonly Measurement[], pick: (measurement: Measurement) => T | undefined): Map<number, T> {
  const rows = new Map<number, T>();
  for (const measurement of measurements) {
    const picked = pick(measurement);
    if (picked !== undefined) {
      rows.set(measurement.step, picked);
    }
  }
  return rows;
}

function rising(...maps: readonly ReadonlyMap<number, unknown>[]): number[] {
  return [...new Set(maps.flatMap((map) => [...map.keys()]))].sort((a, b) => a - b);
}

/** The top eigenvalues over steps; one row a measured step, null where an operator was not measured there. */
export function eigenvalueColumns(measurements: readonly Measurement[]): EigenvalueColumns {
  const of = (operator: Operator) => bySteps(measurements, (row) => (row.operator === operator && row.lambda_max !== undefined ? row : undefined));
  const hessian = of('hessian');
  const ggn = of('ggn');
  const ranks = bySteps(measurements, (row) => (row.operator === 'hessian' && (row.eigenvalues?.length ?? 0) > 1 ? row.eigenvalues : undefined));
  const limits = bySteps(measurements, (row) => (row.stability?.kind === 'full' ? row.stability.limit : undefined));
  const steps = rising(hessian, ggn);
  const interval = (rows: Map<number, Measurement>): Interval => {
    const measured = steps.map((step) => rows.get(step));
    const bound = (sign: number): Column => measured.map((row) =>
      row?.lambda_max === undefined || row.lambda_max_residual === undefined ? null : row.lambda_max + sign * row.lambda_max_residual);
    return { value: measured.map((row) => row?.lambda_max ?? null), low: bound(-1), high: bound(1) };
  };
  const depth = Math.min(MOST_EIGENVALUES, Math.max(1, ...[...ranks.values()].map((values) => values.length)));
  const further = Array.from({ length: depth - 1 }, (_, index) => steps.map((step) => ranks.get(step)?.[index + 1] ?? null));
  return { steps, hessian: interval(hessian), ggn: interval(ggn), further, limit: steps.map((step) => limits.get(step) ?? null) };
}

export interface Estimates extends Interval {
  steps: number[];
}

function estimates(rows: Map<number, Estimate>): Estimates {
  const steps = rising(rows);
  const all = steps.map((step) => rows.get(step)!);
  const bound = (sign: number): Column => all.map(({ value, stderr }) => (value === undefined || stderr === undefined ? null : value + sign * stderr));
  return { steps, value: all.map(({ value }) => value ?? null), low: bound(-1), high: bound(1) };
}

/** Whether an estimate says more than another of the same number. */
function surer(one: Estimate, other: Estimate | undefined): boolean {
  return other === undefined || (one.stderr ?? Infinity) <= (other.stderr ?? Infinity);
}

/** The trace over steps; where several analyses estimated it, the one with the smallest error bar. */
export function traceColumns(measurements: readonly Measurement[], operator: Operator): Estimates {
  const rows = new Map<number, Estimate>();
  for (const { step, operator: of, trace, trace_stderr: stderr } of measurements) {
    const estimate: Estimate | undefined = typeof trace === 'number' ? { value: trace, ...(stderr === undefined ? {} : { stderr }) } : trace;
    if (of === operator && estimate?.value !== undefined && surer(estimate, rows.get(step))) {
      rows.set(step, estimate);
    }
  }
  return estimates(rows);
}

/** The gradient noise scale over steps, in samples. */
export function noiseColumns(measurements: readonly Measurement[]): Estimates {
  return estimates(bySteps(measurements, ({ gradient }) => (gradient?.noise_scale === undefined
    ? undefined
    : { value: gradient.noise_scale, ...(gradient.noise_scale_stderr === undefined ? {} : { stderr: gradient.noise_scale_stderr }) })));
}

/**
 * Share of Σ|λ| that negative eigenvalues make up. A mere count of them would jump: the stem that stands for the null space lies on either side of zero by
 * chance, and here it weighs nothing. Null for the zero operator.
 */
export function negativeMass(density: Density): number | null {
  const mass = (keep: (node: number) => boolean): number =>
    density.nodes.reduce((sum, node, index) => (keep(node) ? sum + Math.abs(node) * (density.weights[index] ?? 0) : sum), 0);
  const whole = mass(() => true);
  return whole > 0 ? mass((node) => node < 0) / whole : null;
}

/** Negative mass of an operator over steps: what the host says, else what the density says. */
export function negativeMassColumns(measurements: readonly Measurement[], operator: Operator): Estimates {
  return estimates(bySteps(measurements, ({ operator: of, density, shape }) => {
    const value = of === operator ? shape?.negative_mass ?? (density ? negativeMass(density) : null) : null;
    return value === null ? undefined : { value };
  }));
}

export interface CostColumns {
  steps: number[];
  /** Seconds that all measurements of a step took together. */
  seconds: Column;
  /** Steps that the training had gone on by when they were there. */
  lag: Column;
}

export function costColumns(measurements: readonly Measurement[]): CostColumns {
  const seconds = new Map<number, number>();
  const lags = new Map<number, number>();
  for (const { step, cost, lag_steps: lag } of measurements) {
    if (cost?.seconds !== undefined) {
      seconds.set(step, (seconds.get(step) ?? 0) + cost.seconds);
    }
    if (lag !== undefined) {
      lags.set(step, Math.max(lags.get(step) ?? 0, lag));
    }
  }
  const steps = rising(seconds, lags);
  return { steps, seconds: steps.map((step) => seconds.get(step) ?? null), lag: steps.map((step) => lags.get(step) ?? null) };
}

export interface SpectrumRow {
  step: number;
  density: Density;
  limit: number | null;
}

/** Spectra of an operator by rising step, thinned to at most so many; the newest stays. */
export function spectra(measurements: readonly Measurement[], operator: Operator, most: number): SpectrumRow[] {
  const rows = bySteps(measurements, (row) => (row.operator === operator && row.density
    ? { step: row.step, density: row.density, limit: row.stability?.kind === 'full' ? row.stability.limit ?? null : null }
    : undefined));
  const all = [...rows.values()].sort((a, b) => a.step - b.step);
  const stride = Math.ceil(all.length / most);
  return all.filter((_, index) => (all.length - 1 - index) % stride === 0);
}

export interface SpectrumStems {
  step: number;
  nodes: number[];
  weights: Column;
  limit: number | null;
}

/** The newest spectrum of an operator, nodes rising. */
export function latestSpectrum(measurements: readonly Measurement[], operator: Operator): SpectrumStems | null {
  for (let i = measurements.length - 1; i >= 0; i--) {
    const measurement = measurements[i]!;
    const density = measurement.density;
    if (measurement.operator === operator && density) {
      const order = density.nodes.map((_, index) => index).sort((a, b) => density.nodes[a]! - density.nodes[b]!);
      return {
        step: measurement.step,
        nodes: order.map((index) => density.nodes[index]!),
        weights: order.map((index) => density.weights[index] ?? null),
        limit: measurement.stability?.limit ?? null,
      };
    }
  }
  return null;
}

export interface ModuleRow {
  name: string;
  parameters: number | undefined;
  sharpness: number | undefined;
  residual: number | undefined;
  trace: number | undefined;
  stderr: number | undefined;
  /** Where the bar of the sharpness ends, and the interval of its bound, as shares of the longest. */
  bar: number;
  low: number;
  high: number;
}

export interface ModuleTable {
  step: number;
  operator: Operator;
  leftOut: number;
  rows: ModuleRow[];
}

/** The newest measurement of an operator's modules, in the model's order. */
export function latestModules(measurements: readonly Measurement[], operator: Operator): ModuleTable | null {
  const measurement = measurements.findLast((row) => row.operator === operator && row.modules !== undefined);
  if (measurement?.modules === undefined) {
    return null;
  }
  const blocks = Object.entries(measurement.modules);
  const longest = Math.max(0, ...blocks.map(([, block]) => (block.lambda_max ?? 0) + (block.lambda_max_residual ?? 0)));
  const share = (value: number): number => (longest > 0 ? Math.min(1, Math.max(0, value / longest)) : 0);
  const rows = blocks.map(([name, block]) => ({
    name,
    parameters: block.parameters,
    sharpness: block.lambda_max,
    residual: block.lambda_max_residual,
    trace: block.trace,
    stderr: block.trace_stderr,
    bar: share(block.lambda_max ?? 0),
    low: share((block.lambda_max ?? 0) - (block.lambda_max_residual ?? 0)),
    high: share((block.lambda_max ?? 0) + (block.lambda_max_residual ?? 0)),
  }));
  return { step: measurement.step, operator, leftOut: measurement.modules_left_out ?? 0, rows };
}

/** Newest measurement of an operator that has a sharpness. */
export function latestSharpness(measurements: readonly Measurement[], operator: Operator): Measurement | null {
  for (let i = measurements.length - 1; i >= 0; i--) {
    const measurement = measurements[i]!;
    if (measurement.operator === operator && measurement.lambda_max !== undefined) {
      return measurement;
    }
  }
  return null;
}

/** Replaces what a logarithmic axis cannot show by null. */
export function positive(values: Column): Column {
  return values.map((value) => (value !== null && value > 0 ? value : null));
}
