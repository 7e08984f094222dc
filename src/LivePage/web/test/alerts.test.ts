import assert from 'node:assert/strict';
import test from 'node:test';
import { safeAddress, spoken, urgentFirst } from '../src/alerts';
import type { Alert } from '../src/contract';

const alert = (name: string, more: Partial<Alert> = {}): Alert => ({ name, state: 'firing', severity: 'warning', ...more });

test('what fires comes before what is pending, critical before warning, and what is over is left out', () => {
  const names = urgentFirst([
    alert('over', { state: 'resolved' }),
    alert('pending', { state: 'pending', severity: 'critical' }),
    alert('info', { severity: 'info' }),
    alert('later', { active_at: '2026-01-02' }),
    alert('earlier', { active_at: '2026-01-01' }),
    alert('critical', { severity: 'critical' }),
  ]).map(({ name }) => name);
  assert.deepEqual(names, ['critical', 'earlier', 'later', 'info', 'pending']);
});

test('names are said as a person says them', () => {
  assert.equal(spoken('CurvatureInstabilityImminent'), 'Instability imminent');
  assert.equal(spoken('CurvatureBatchTooSmall'), 'Batch too small');
  assert.equal(spoken('Watchdog'), 'Watchdog');
});

test('only web addresses become links', () => {
  assert.equal(safeAddress('runbooks/a', 'http://host/'), 'http://host/runbooks/a');
  assert.equal(safeAddress('https://example.org/a', 'http://host/'), 'https://example.org/a');
  assert.equal(safeAddress('javascript:alert(1)', 'http://host/'), null);
  assert.equal(safeAddress(undefined, 'http://host/'), null);
});
