import 'uplot/dist/uPlot.min.css';
import './page.css';
import { watchAlerts } from './alerts';
import { fetchHistory, fetchRuns, HttpError, listen } from './api';
import { stepLimits } from './charts/axes';
import { CostChart } from './charts/cost';
import { EigenvalueChart } from './charts/eigenvalues';
import { EstimateChart } from './charts/estimate';
import { HeatChart } from './charts/heat';
import { LossChart } from './charts/loss';
import { SpectrumChart } from './charts/spectrum';
import { byId } from './dom';
import { percent, tickLabel } from './format';
import { showModules } from './modules';
import { RunPicker, showAbout, showConnection, showDownloads, showEvents, showNotice, showStatus } from './panels';
import { costColumns, type Estimates, eigenvalueColumns, negativeMassColumns, noiseColumns, traceColumns, trainingColumns } from './series';
import { continueHistory, emptyView, Store } from './store';
import { ColourSwitch } from './theme';

/** Least time between the beginnings of two drawings, and least multiple of what the last one took: the page runs on the machine that trains, and must not compete with it. */
const DRAW_MILLISECONDS = 500;
const DRAW_SHARE = 20;

let drawing = false;
let drawnAt = -DRAW_MILLISECONDS;
let drawPause = DRAW_MILLISECONDS;
const store = new Store(() => {
  if (!drawing) {
    drawing = true;
    setTimeout(() => requestAnimationFrame(draw), Math.max(0, drawnAt + drawPause - performance.now()));
  }
});

const picker = new RunPicker((run) => choose(run));
const eigenvalues = new EigenvalueChart(byId('eigenvalue-chart'));
const spectrum = new SpectrumChart(byId('spectrum-chart'));
const heat = new HeatChart(byId('heat-chart'));
const loss = new LossChart(byId('loss-chart'));
const negative = new EstimateChart(byId('negative-chart'), {
  name: 'share of Σ|λ|',
  colour: (theme) => theme.residual,
  format: percent,
  tick: (value) => `${tickLabel(100 * value)} %`,
  empty: 'No spectrum so far.',
  fromZero: true,
});
const trace = new EstimateChart(byId('trace-chart'), { name: 'Hessian', colour: (theme) => theme.trace, empty: 'No trace so far.' });
const noise = new EstimateChart(byId('noise-chart'), {
  name: 'samples, ± over the data',
  colour: (theme) => theme.noise,
  level: 'batch',
  empty: 'No noise scale so far.',
  fromZero: true,
});
const cost = new CostChart(byId('cost-chart'));
const charts = [eigenvalues, spectrum, heat, loss, negative, trace, noise, cost];

function draw(): void {
  drawing = false;
  drawnAt = performance.now();
  const view = store.view;
  const summary = store.summary();
  showConnection(store.connection);
  picker.show([...store.runs.values()], view?.run ?? null);
  showAbout(summary);
  showStatus(summary, view);
  showEvents(view?.events ?? []);
  showNotice(store.answered && store.runs.size === 0 ? 'No run so far. The page fills by itself when a training starts.' : null);
  document.title = view ? `${view.run} · CurvatureMonitor` : 'CurvatureMonitor';

  const training = trainingColumns(view?.training ?? []);
  const measurements = view?.measurements ?? [];
  const top = eigenvalueColumns(measurements);
  const steps = stepLimits(training.steps, top.steps);
  loss.show({ training, steps });
  eigenvalues.show({ eigenvalues: top, steps });
  spectrum.show(measurements);
  heat.show({ measurements, steps });
  cost.show({ cost: costColumns(measurements), steps });
  // What a server does not send has no panel; a run that waits for its first measurement keeps the place of what is always measured.
  showEstimates(negative, negativeMassColumns(measurements, 'hessian'), steps);
  showEstimates(trace, traceColumns(measurements, 'hessian'), steps);
  showEstimates(noise, noiseColumns(measurements), steps, summary?.batch_size);
  showModules(measurements);
  showDownloads(view?.run ?? null);
  drawPause = Math.max(DRAW_MILLISECONDS, DRAW_SHARE * (performance.now() - drawnAt));
}

function showEstimates(chart: EstimateChart, estimates: Estimates, steps: [number, number], level?: number): void {
  chart.present(estimates.steps.length > 0);
  chart.show({ estimates, steps, ...(level === undefined ? {} : { level }) });
}

function choose(run: string): void {
  store.chosen = run;
  history.replaceState(null, '', `#run=${encodeURIComponent(run)}`);
  void showWanted();
}

/** Shows the run that should be shown; its history is read where it is another one than before, or where `again` is said. */
async function showWanted(again = false): Promise<void> {
  const wanted = store.wanted();
  if (wanted === null) {
    store.view = null;
    store.changed();
    return;
  }
  const startTime = store.runs.get(wanted)?.start_time ?? null;
  const same = store.view?.run === wanted && store.view.startTime === startTime;
  if (same && !again) {
    return;
  }
  // What arrives while the history is on its way is kept in the view, and continues the history. The picture of the same run stays meanwhile.
  let view = same && store.view ? store.view : emptyView(wanted, startTime);
  store.view = view;
  store.changed();
  try {
    for await (const document of fetchHistory(wanted)) {
      if (store.view !== view) {
        return;
      }
      if ((document.run.step ?? 0) >= (store.runs.get(wanted)?.step ?? 0)) {
        store.runs.set(wanted, document.run);
      }
      view = continueHistory(document, view);
      store.view = view;
      store.changed();
    }
  } catch (error) {
    // A lost connection is shown by the event stream, which reads everything again when it is back. A run that is gone leaves the list.
    if (error instanceof HttpError && error.status === 404 && store.view === view) {
      store.runs.delete(wanted);
      void showWanted();
    }
  }
}

async function readAll(): Promise<void> {
  try {
    store.setRuns(await fetchRuns());
    await showWanted(true);
  } catch {
    // As above.
  }
}

function readChoice(): void {
  const match = /^#run=(.+)$/.exec(location.hash);
  try {
    store.chosen = match ? decodeURIComponent(match[1]!) : null;
  } catch {
    store.chosen = null;
  }
}

readChoice();
addEventListener('hashchange', () => {
  readChoice();
  void showWanted();
});
new ColourSwitch(byId('colours'), () => charts.forEach((chart) => chart.repaint()));
const alerts = watchAlerts();
listen({
  opened: () => {
    store.connection = 'live';
    store.changed();
    void readAll();
    alerts.look();
  },
  lost: () => {
    store.connection = 'reconnecting';
    store.changed();
  },
  run: (run) => {
    store.applyRun(run);
    void showWanted();
  },
  training: (point) => store.applyTraining(point),
  measurement: (measurement) => {
    store.applyMeasurement(measurement);
    alerts.look();
  },
  event: (event) => store.applyEvent(event),
});
store.changed();
