const REQUIRED = [20, 19];

/** Ends the process with one clear line when this Node is older than the packages allow. */
export function checkNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > REQUIRED[0] || (major === REQUIRED[0] && minor >= REQUIRED[1])) {
    return;
  }
  console.error(`This repository needs Node ${REQUIRED.join('.')} or newer; this is ${process.version}.`);
  process.exit(1);
}
