// From the contract's records to the columns that charts draw. All functions are pure.
import type { Measurement, Operator, TrainingPoint } from './contract';

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

export interface SharpnessColumns {
  steps: number[];
  /** λ1 of an operator and the interval of its residual bound. */
  hessian: { value: Column; low: Column; high: Column };
  ggn: { value: Column; low: Column; high: Column };
  limit: Column;
}

/** The sharpness over steps; one row a measured step, null where an operator was not measured there. */
export function sharpnessColumns(measurements: readonly Measurement[]): SharpnessColumns {
  const rows = new Map<number, { hessian?: Measurement; ggn?: Measurement; limit?: number }>();
  for (const measurement of measurements) {
    if (measurement.operator !== 'hessian' && measurement.operator !== 'ggn') {
      continue;
    }
    if (measurement.lambda_max === undefined) {
      continue;
    }
    const row = rows.get(measurement.step) ?? {};
    row[measurement.operator] = measurement;
    if (measurement.stability?.kind === 'full' && measurement.stability.limit !== undefined) {
      row.limit = measurement.stability.limit;
    }
    rows.set(measurement.step, row);
  }
  const steps = [...rows.keys()].sort((a, b) => a - b);
  const interval = (operator: 'hessian' | 'ggn') => {
    const measured = steps.map((step) => rows.get(step)?.[operator]);
    const bound = (sign: number): Column => measured.map((row) =>
      row?.lambda_max === undefined || row.lambda_max_residual === undefined ? null : row.lambda_max + sign * row.lambda_max_residual);
    return { value: measured.map((row) => row?.lambda_max ?? null), low: bound(-1), high: bound(1) };
  };
  return { steps, hessian: interval('hessian'), ggn: interval('ggn'), limit: steps.map((step) => rows.get(step)?.limit ?? null) };
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
