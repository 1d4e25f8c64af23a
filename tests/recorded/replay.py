"""Replays every recorded exchange through the real binary and prints a table of what came through.

Each exchange is asked in its own dialect, where clients may speak that one, and translated from the others; a scripted
provider answers with the recorded bytes. Every exchange has a provider, a key and an alias of its own.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "process"))

import answers
import client
import exchanges
import harness
import judge

AT_ONCE = 400  # cases of one node: a configuration holds up to 1000 providers


class Case:
    """One exchange asked in one dialect."""

    def __init__(self, exchange, inbound, number):
        self.exchange, self.inbound, self.name = exchange, inbound, f"r{number}"
        self.wrong = []


def unspoken():
    """Wires whose providers this binary does not know: the two came together."""
    config = harness.config({"p": {"type": "cohere", "keys": [{"name": "k", "secret": "s"}]}})
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        json.dump(config, file)
        file.flush()
        known = harness.run("check-config", file.name)[0] == 0
        return () if known else ("cohere", "embed", "ollama")


def cases_of(all_exchanges, unknown):
    """(cases, {why: number} of what is not replayed)."""
    cases, left = [], collections.Counter()
    for one in all_exchanges:
        if one.why or one.wire in unknown:
            left[f"{one.provider}: {one.why or one.wire + ' is not spoken yet'}"] += 1
            continue
        for inbound, why in one.inbounds():
            if why:
                left[f"{one.provider}, asked in {inbound}: {why}"] += 1
            else:
                cases.append(Case(one, inbound, len(cases)))
    return cases, left


def run(cases, seed):
    """Fills in what is wrong with each case. `seed` says where streams are cut into pieces."""
    up = harness.Upstream().start()
    node = None
    try:
        providers, models = {}, {}
        for at, case in enumerate(cases):
            one = case.exchange
            up.always(answers.recorded(one.status, one.headers, one.body, seed + at), key=case.name)
            providers[case.name] = one.provider_config(up.url, case.inbound, harness.SECRET + case.name)
            models[case.name] = {"targets": [{"use": f"{case.name}/{one.model}"}], "retry": {"attempts": 1},
                                 "queue": {"max_wait": "0s"}}
        node = harness.Node(harness.config(providers, models, server={"limits": {"body": "64MiB"}}))
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            said = list(pool.map(lambda case: ask(node, case), cases))
        calls = {call.key: call for call in up.calls}
        node.stop()  # then its log is complete
        log = {event.get("id"): event for event in node.log if event.get("event") == "request"}
        for case, answer in zip(cases, said):
            try:
                case.wrong = judge.verdict(case.exchange, case.inbound, answer, calls.get(case.name), log)
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                case.wrong = [f"not understood here: {error!r}"]
    finally:
        if node:
            node.stop()
        up.stop()


def ask(node, case):
    path = exchanges.PATHS[case.inbound]
    try:
        question = case.exchange.question(case.inbound, case.name)
        return client.request(node.api, "POST", path, question, may_be_cut=True)
    except (OSError, client.http.client.HTTPException) as error:
        return error


# The table.

def table(cases):
    """{provider: {cell: [passed, all]}}."""
    rows = {}
    for case in cases:
        row = rows.setdefault(case.exchange.provider, {cell: [0, 0] for cell in exchanges.CELLS})
        for cell in case.exchange.cells():
            row[cell][1] += 1
            row[cell][0] += not case.wrong
    return rows


def show(rows):
    print(f"\n{'':24}" + "".join(f"{cell:>12}" for cell in exchanges.CELLS))
    for provider, row in sorted(rows.items()):
        cells = (f"{good}/{all_}" if all_ else "-" for good, all_ in row.values())
        print(f"{provider:24}" + "".join(f"{cell:>12}" for cell in cells))


def empty_cells(all_exchanges, rows, unknown):
    """Cells of which there are recordings, and not one was replayed."""
    had = {(one.provider, cell) for one in all_exchanges if not one.why and one.wire not in unknown
           for cell in one.cells()}
    return sorted(f"{provider}: {cell}" for provider, cell in had if not rows.get(provider, {}).get(cell, [0, 0])[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("providers", nargs="*", help="folders of the recordings; all of them where none is named")
    parser.add_argument("--only", default="", help="exchanges whose place holds this text")
    parser.add_argument("--show", type=int, default=40, help="so many failures are told of")
    parser.add_argument("--seed", type=int, default=0, help="where streams are cut into pieces")
    options = parser.parse_args()
    root = exchanges.folder()
    if not root:
        print("recorded: skipped: no recordings; set TROUPE_FIXTURES")
        return 0
    try:
        harness.binary()
    except harness.unittest.SkipTest as why:
        print(f"recorded: {why}")
        return 0
    found = [one for one in exchanges.load(root, options.providers) if options.only in one.place]
    unknown = unspoken()
    cases, left = cases_of(found, unknown)
    for begin in range(0, len(cases), AT_ONCE):
        run(cases[begin:begin + AT_ONCE], options.seed)
    failed = [case for case in cases if case.wrong]
    for case in failed[:options.show]:
        print(f"FAILED {case.exchange.place} asked in {case.inbound}")
        for line in case.wrong:
            print(f"       {line}")
    rows = table(cases)
    show(rows)
    print("\nnot replayed:")
    for why, number in sorted(left.items()):
        print(f"  {number:4} {why}")
    empty = empty_cells(found, rows, unknown)
    for cell in empty:
        print(f"EMPTY {cell}")
    print(f"\nrecorded: {len(found)} exchanges, {len(cases) - len(failed)} replays passed, {len(failed)} failed, "
          f"{len(empty)} empty cells")
    return 1 if failed or empty else 0


if __name__ == "__main__":
    sys.exit(main())
