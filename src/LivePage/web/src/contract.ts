// The host's HTTP contract (src/LivePage/Api, src/Reports/Runs). A number that is unknown is absent.

export type RunState = 'running' | 'finished' | 'failed' | 'stale' | 'diverged';

export interface RunSummary {
  run: string;
  model?: string;
  dataset?: string;
  optimizer?: string;
  parameters?: number;
  objective?: string;
  batch_norm?: string;
  trained?: string;
  autocast?: string;
  state: RunState;
  start_time: string;
  step?: number;
  loss?: number;
  accuracy?: number;
  learning_rate?: number;
  lambda_max?: number;
  stability_limit?: number;
  stability_ratio?: number;
  /** Since which step loss or parameters are not finite, and which. */
  diverged_since?: number;
  divergence?: string;
  /** Absent for the first branch. */
  branch?: number;
  branch_step?: number;
  dropped?: number;
  batch_size?: number;
}

export interface TrainingPoint {
  run?: string;
  step: number;
  time: string;
  loss?: number;
  learning_rate?: number;
  accuracy?: number;
  batch_size?: number;
  /** A loss that is no number: NaN or an infinity. */
  loss_text?: string;
  optimizer?: string;
  branch?: number;
  branch_step?: number;
}

export type Operator = 'hessian' | 'ggn' | 'residual';

export interface Density {
  nodes: number[];
  weights: number[];
}

export interface Stability {
  kind: string;
  limit?: number;
  ratio?: number;
  ratio_low?: number;
  ratio_high?: number;
}

export interface Cost {
  curvature_products?: number;
  seconds?: number;
  peak_bytes?: number;
}

/** An estimate with its standard error. */
export interface Estimate {
  value?: number;
  stderr?: number;
}

export interface Gradient {
  l2?: number;
  linf?: number;
  variance?: number;
  /** Gradient noise scale tr Σ / ‖g‖², in samples. */
  noise_scale?: number;
  /** Its error over the data: how far that of what the samples were drawn from may be. */
  noise_scale_stderr?: number;
}

/** The diagonal block of one module's parameters. */
export interface ModuleBlock {
  parameters?: number;
  lambda_max?: number;
  lambda_max_residual?: number;
  trace?: number;
  trace_stderr?: number;
}

export interface Measurement {
  run: string;
  step: number;
  time: string;
  analysis: string;
  operator?: Operator;
  lambda_max?: number;
  lambda_max_residual?: number;
  lambda_min?: number;
  lambda_min_residual?: number;
  eigenvalues?: number[];
  /** A spectrum's own trace is a mere number; one from random probes has a standard error. */
  trace?: number | Estimate;
  trace_stderr?: number;
  gradient?: Gradient;
  shape?: { negative_mass?: number };
  density?: Density;
  /** By the module's path or pattern. */
  modules?: Record<string, ModuleBlock>;
  modules_left_out?: number;
  stability?: Stability;
  /** By which share of their size the program's outputs differ from the model's. */
  difference?: number;
  /** Why there is no stability limit, in words. */
  no_limit?: string;
  branch?: number;
  branch_step?: number;
  cost?: Cost;
  lag_steps?: number;
}

export type EventKind = 'dropped' | 'failed' | 'restarted' | 'state';

export interface RunEvent {
  run?: string;
  time: string;
  kind: EventKind;
  text: string;
}

export interface RunDocument {
  run: RunSummary;
  training: TrainingPoint[];
  measurements: Measurement[];
  events: RunEvent[];
  /** Where the next page begins; absent on the last one. */
  next_after?: number;
}

export type AlertSeverity = 'critical' | 'warning' | 'info';

export interface Alert {
  name: string;
  state: 'pending' | 'firing' | 'inactive' | 'resolved';
  severity?: AlertSeverity;
  run?: string;
  summary?: string;
  runbook_url?: string;
  active_at?: string;
}

/** Everything that the event stream carries, by the event's name. */
export interface StreamEvents {
  run: RunSummary;
  training: TrainingPoint;
  measurement: Measurement;
  event: RunEvent;
}
