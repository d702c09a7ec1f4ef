"""Made-up samples of items for tests."""

import json


def pairs(count: int = 40, *, words: int = 100) -> bytes:
    """Comparisons whose prompts have `words` words and a few more, their responses half as many."""
    lines = [
        {"prompt": "word " * (words + n % 5), "chosen": "word " * (words // 2), "rejected": "word " * (words // 2 + n % 3)}
        for n in range(count)
    ]  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def solutions(count: int = 30, *, error_at: int = 0) -> bytes:
    """Solutions of 4 or 6 steps of five words; where `error_at` is given, that step is rated wrong."""
    lines = []
    for n in range(count):
        steps = ["one two three four five"] * (4 + 2 * (n % 2))
        line = {"prompt": "word " * 30, "completions": steps}
        line["labels"] = [not error_at or number < error_at for number in range(1, len(steps) + 1)]
        lines.append(json.dumps(line))
    return "\n".join(lines).encode()
