import type { Alert, RunDocument, RunSummary, StreamEvents } from './contract';

// Addresses are relative to the page, so that it also works behind a proxy's path.

async function get<T>(address: string): Promise<T> {
  const response = await fetch(address, { headers: { accept: 'application/json' }, cache: 'no-store' });
  if (!response.ok) {
    throw new HttpError(response.status, address);
  }
  return (await response.json()) as T;
}

/** The host answered, but not with what was asked for. */
export class HttpError extends Error {
  constructor(readonly status: number, address: string) {
    super(`${address} answered ${status}`);
  }
}

export async function fetchRuns(): Promise<RunSummary[]> {
  return (await get<{ runs: RunSummary[] }>('api/runs')).runs;
}

export function fetchHistory(run: string): Promise<RunDocument> {
  return get<RunDocument>(`api/runs/${encodeURIComponent(run)}/history`);
}

/** Alerts that the host knows of, or null where it knows of no alerting. */
export async function fetchAlerts(): Promise<Alert[] | null> {
  try {
    return await get<Alert[]>('api/alerts');
  } catch (error) {
    if (error instanceof HttpError && (error.status === 404 || error.status === 501)) {
      return null;
    }
    throw error;
  }
}

export type DownloadFormat = 'csv' | 'json' | 'npz';

/** Where everything known of a run can be had as a file. */
export function downloadAddress(run: string, format: DownloadFormat, table?: 'training'): string {
  return `api/runs/${encodeURIComponent(run)}/download?format=${format}${table ? `&table=${table}` : ''}`;
}

export type StreamHandlers = { [Name in keyof StreamEvents]: (data: StreamEvents[Name]) => void } & {
  /** The stream is open: from now on nothing is missed, but before something may have been. */
  opened: () => void;
  /** The stream broke; it is being opened again. */
  lost: () => void;
};

const RETRY_MILLISECONDS = 2000;

/** Listens to the host's event stream for as long as the page is open. */
export function listen(handlers: StreamHandlers): void {
  const source = new EventSource('api/events');
  source.onopen = () => handlers.opened();
  source.onerror = () => {
    handlers.lost();
    // The browser tries again by itself after a broken connection, but gives up after an answer that is no stream (a proxy's error page).
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => listen(handlers), RETRY_MILLISECONDS);
    }
  };
  const on = <Name extends keyof StreamEvents>(name: Name, handle: (data: StreamEvents[Name]) => void): void => {
    source.addEventListener(name, (message: MessageEvent<string>) => handle(JSON.parse(message.data) as StreamEvents[Name]));
  };
  on('run', handlers.run);
  on('training', handlers.training);
  on('measurement', handlers.measurement);
  on('event', handlers.event);
}
