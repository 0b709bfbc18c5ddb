export { FakeOtp, type OverridableModule } from './fake-otp.js';
export { ManualClock } from './manual-clock.js';
export { type RecordedMessage, RecordingTransport, type RecordingTransportOptions } from './recording-transport.js';
export { type ContractCase, storeContract, type StoreContractOptions, type StoreHarness } from './store-contract.js';
export { transportContract, type TransportContractCase, type TransportContractOptions } from './transport-contract.js';
