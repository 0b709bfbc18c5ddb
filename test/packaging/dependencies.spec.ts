import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest, repositoryRoot } from './built-library.js';
import { installedBytes, packagesBroughtBy, readDependencyTree } from './dependency-tree.js';

const MEGABYTE = 1_000_000;
/** A platform's own binary may be a little larger or smaller. */
const TOLERANCE = 0.05;

describe('the dependencies that README states', () => {
  it('are those of the package, with all that each of them brings', async () => {
    const { dependencies } = await readManifest();
    const actual = await Promise.all(
      Object.keys(dependencies).map(async (name) => {
        const brought = (await packagesBroughtBy(name)).map((each) => each.name);
        return [name, [...new Set(brought)].toSorted()];
      }),
    );
    const stated = (await rowsOf('package')).map(([name = '', , brought = '']) => [
      namesIn(name).join(),
      namesIn(brought).toSorted(),
    ]);
    expect(Object.fromEntries(stated)).toEqual(Object.fromEntries(actual));
    expect(stated).toHaveLength(actual.length);
  });

  it('are as many, and as large, as it says', async () => {
    const tree = await readDependencyTree();
    const sizes = await Promise.all(tree.map(installedBytes));
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / MEGABYTE;
    const stated = /Together (?<count>\d+) packages, (?<size>[\d.]+) MB on disk/.exec(await readSection())?.groups;
    expect(stated?.['count']).toBe(String(tree.length));
    expect(Number(stated?.['size']), `measured: ${megabytes.toFixed(1)} MB`).toBeGreaterThan(
      megabytes * (1 - TOLERANCE),
    );
    expect(Number(stated?.['size']), `measured: ${megabytes.toFixed(1)} MB`).toBeLessThan(megabytes * (1 + TOLERANCE));
  });

  it('have the peers of the package beside them, and say which are optional', async () => {
    const { peerDependencies, peerDependenciesMeta } = await readManifest();
    const rows = await rowsOf('peer');
    const stated = rows.map(([name = '', range = '']) => [
      namesIn(name).join(),
      namesIn(range.replaceAll('\\|', '|')).join(),
    ]);
    expect(Object.fromEntries(stated)).toEqual(peerDependencies);
    const required = rows.filter(([, , needed]) => needed === 'always').map(([name = '']) => namesIn(name).join());
    const isOptional = (name: string) => peerDependenciesMeta[name]?.optional === true;
    expect(required.toSorted()).toEqual(
      Object.keys(peerDependencies)
        .filter((name) => !isOptional(name))
        .toSorted(),
    );
  });
});

async function readSection(): Promise<string> {
  const [, section = ''] = (await readFile(join(repositoryRoot, 'README.md'), 'utf8')).split('\n## Dependencies\n');
  return section.split('\n## ')[0] ?? '';
}

/** The cells of the table whose first column has this title. */
async function rowsOf(title: string): Promise<readonly (readonly string[])[]> {
  const tables = (await readSection()).split('\n\n').filter((block) => new RegExp(`^\\| ${title} +\\|`).test(block));
  return tables.flatMap((table) => {
    const [, , ...rows] = table.trim().split('\n');
    return rows.map((row) => {
      const cells = row.split(/(?<!\\)\|/).slice(1, -1);
      return cells.map((cell) => cell.trim());
    });
  });
}

/** What stands in backticks. */
function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`(?<name>[^`]+)`/g)].flatMap(({ groups }) => groups?.['name'] ?? []);
}
