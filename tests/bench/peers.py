#!/usr/bin/python3
"""The same job for Yuelai and its rivals, in one run: peers.py PEERS_DIR [BUILD_DIR].

PEERS_DIR holds the rivals' benches (common, sqlite-sync, pouchdb, git). It is copied to a scratch folder, where they are installed with
npm and built; nothing is written into PEERS_DIR or into the project. Every bench prints JSON lines; this prints one table of them.
A rival that did not run is written "not measured".
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

PEERS = ('yuelai', 'sqlite-sync', 'pouchdb', 'git')
NPM = {
    'sqlite-sync': ['@sqliteai/sqlite-sync-linux-x86_64@1.1.4'],
    'pouchdb': ['pouchdb@9.0.0', 'express-pouchdb@4.2.0', 'express@4'],
}
TIMEOUT = 900


def plain_bytes(line):
    return sum(line.get(key, 0) for key in ('bytes', 'bytes_up', 'bytes_down', 'body_bytes_up', 'body_bytes_down',
                                            'total_bytes'))


def rates(line):
    return f"{line['insert_ops_s']:,} / {line['update_ops_s']:,}"


def cost(line):
    seconds = line.get('seconds', line.get('fetch_s', 0) + line.get('push_s', 0))
    return f'{seconds:.3f} s, {plain_bytes(line):,}'


# What is measured, how it is shown, and how each peer calls it; None: it has no such measure.
ROWS = (
    ('insert / update per s, WAL NORMAL, one a transaction', rates,
     {'yuelai': 'WAL sync=NORMAL, bench_order, transaction per op', 'sqlite-sync': 'sync=NORMAL, CRDT table, transaction per op',
      'pouchdb': 'one put per op'}),
    ('insert / update per s, WAL NORMAL, batched', rates,
     {'yuelai': 'WAL sync=NORMAL, bench_order, 500 rows a change', 'sqlite-sync': 'sync=NORMAL, CRDT table, one transaction',
      'pouchdb': 'bulkDocs of 500'}),
    ('insert / update per s, WAL FULL, one a transaction', rates,
     {'yuelai': 'WAL sync=FULL, bench_order, transaction per op', 'sqlite-sync': 'sync=FULL, CRDT table, transaction per op'}),
    ('insert / update per s, WAL FULL, batched', rates,
     {'yuelai': 'WAL sync=FULL, bench_order, 500 rows a change', 'sqlite-sync': 'sync=FULL, CRDT table, one transaction'}),
    ('store file after both, one a transaction', lambda line: f"{line['db_bytes']:,}",
     {'yuelai': 'WAL sync=NORMAL, bench_order, transaction per op', 'sqlite-sync': 'sync=NORMAL, CRDT table, transaction per op'}),
    ('fresh pull of 10,000: time, bytes', cost,
     {'yuelai': 'fresh pull of 10,000, with history', 'sqlite-sync': 'fresh pull of 10,000', 'pouchdb': 'fresh pull of 10,000',
      'git': 'fresh pull after gc at the server'}),
    ('fresh start from a checkpoint: time, bytes', cost, {'yuelai': 'fresh start from a checkpoint'}),
    ('100 + 100, one change set a side', cost,
     {'yuelai': '100+100 incremental, one change set a side', 'sqlite-sync': '100+100 incremental',
      'pouchdb': '100+100 incremental, both directions', 'git': '100+100 incremental'}),
    ('100 + 100, one change set a side, second round', cost,
     {'yuelai': '100+100 incremental, one change set a side, second round', 'sqlite-sync': '100+100 incremental, second round',
      'pouchdb': '100+100 incremental, second round', 'git': '100+100 incremental, second round'}),
    ('100 + 100, 100 change sets a side', cost, {'yuelai': '100+100 incremental, 100 change sets a side'}),
    ('nothing new', cost,
     {'yuelai': 'nothing new, session open', 'pouchdb': 'no-change sync', 'git': 'no-change fetch'}),
    ('link cut at 80 %: bytes over all', lambda line: f"{line['overhead']:.2f}x", {'yuelai': 'link cut at 80 %'}),
    ('both edits kept, of 50', lambda line: str(line['both_fields_survive_of_50']),
     {'yuelai': '100+100 incremental, one change set a side: kept', 'sqlite-sync': '100+100 incremental',
      'pouchdb': '100+100 incremental, both directions'}),
    ('clashes shown, of 10', lambda line: str(line.get('conflicts_shown_of_10', line.get('conflicts_listed'))),
     {'yuelai': '100+100 incremental, one change set a side: kept', 'sqlite-sync': '100+100 incremental',
      'pouchdb': '100+100 incremental, both directions'}),
)


def run(arguments, folder):
    """JSON lines of a bench; those it printed before it failed, if it did."""
    print('+', ' '.join(map(str, arguments)), file=sys.stderr, flush=True)
    try:
        done = subprocess.run(arguments, cwd=folder, stdout=subprocess.PIPE, timeout=TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return []
    if done.returncode != 0:
        print(f'failed with {done.returncode}', file=sys.stderr)
    return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith('{')]


def install(name, folder):
    return subprocess.run(['npm', 'install', '--silent', '--no-audit', '--no-fund', *NPM[name]], cwd=folder, check=False,
                          timeout=TIMEOUT).returncode == 0


def run_git(folder):
    built = subprocess.run(['gcc', '-O2', '-o', 'bench', 'bench.c', '-lgit2'], cwd=folder, check=False)
    if built.returncode != 0:
        return []
    return run(['./bench', 'log100', str(folder / 'r-log100'), '0'], folder) + run(['node', 'sync.mjs', 'log100'], folder)


def run_rival(name, scratch):
    folder = scratch / name
    if name == 'git':
        return run_git(folder)
    if not install(name, folder):
        return []
    return run([sys.executable, 'bench.py'] if name == 'sqlite-sync' else ['node', 'bench.mjs'], folder)


def find(lines, what):
    """The line of that name: names of one peer may be parts of each other, so the shortest fits."""
    fitting = [line for line in lines if what in line.get('what', '')]
    return min(fitting, key=lambda line: len(line['what']), default=None)


def print_table(results):
    print('| | ' + ' | '.join(PEERS) + ' |')
    print('|---' * (len(PEERS) + 1) + '|')
    for title, show, names in ROWS:
        cells = []
        for peer in PEERS:
            line = find(results[peer], names[peer]) if peer in names else None
            cells.append(show(line) if line is not None else 'not measured')
        print(f'| {title} | ' + ' | '.join(cells) + ' |')


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else 'build').resolve() / 'tests/bench'
    with tempfile.TemporaryDirectory(prefix='yuelai-peers-') as name:
        scratch = pathlib.Path(name) / 'peers'
        shutil.copytree(sys.argv[1], scratch)
        subprocess.run(['chmod', '-R', 'u+w', scratch], check=True)
        subprocess.run(['node', 'gen.mjs'], cwd=scratch / 'common', check=True, stdout=subprocess.DEVNULL)
        load = [os.getloadavg()]
        results = {peer: [] for peer in PEERS}
        results['yuelai'] = (run([build / 'bench-peers', 'local', scratch / 'common'], scratch)
                             + run([build / 'bench-peers-exchange', scratch / 'common'], scratch))
        for peer in PEERS[1:]:
            results[peer] = run_rival(peer, scratch)
        load.append(os.getloadavg())
    print_table(results)
    plain = [line for line in results['yuelai'] if line['peer'] == 'plain sqlite']
    for line in plain:
        print(f"\nplain SQLite beside it: {line['what']}: {rates(line)} per s, {line['db_bytes']:,} bytes", end='')
    print(f"\n\nload of the machine before and after: {load[0][0]:.1f}, {load[1][0]:.1f}; {os.cpu_count()} cores")
    for lines in results.values():
        for line in lines:
            print(json.dumps(line), file=sys.stderr)


if __name__ == '__main__':
    main()
