import type { CircuitChange } from '../delivery/deliver.js';
import type { OtpEvents } from '../telemetry/otp-events.js';

/** Tells when a transport fails so often that others are asked before it, and when it works again. */
export function circuitAlerts(events: OtpEvents): (change: CircuitChange) => void {
  return ({ transport, state }) => {
    events.emit(state === 'open' ? 'circuit.opened' : 'circuit.closed', { transport });
  };
}
