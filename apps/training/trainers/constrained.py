"""Writing held to a JSON schema while it is written: at each step only tokens that a valid text can go on with.

By XGrammar, the engine that vLLM is asked to use as well (``docs/model-servers.md``).
"""

import json
from typing import Any

# Of a text with a least length XGrammar makes a rule that lets control characters through, which JSON does not allow.
_CHARACTER = r'[^"\\\x00-\x1f]'
_SPEAKING = r"[0-9A-Za-z\u00c0-\u1fff\u3040-\uffff]"  # a text that may not be empty has to say something

MOST_BYTES = 64 * 2**20  # of compiled schemas that are kept
# XGrammar compiles by recursion: of a schema without bounds it dies, and the process with it.
MOST_CHARACTERS, MOST_OF_A_TEXT, DEEPEST = 64_000, 1_000, 40


class Constraint:
    """The schemas that one tokenizer is held to; each is compiled once.

    ``vocabulary`` is how many scores the model gives for the next token, where that is more than the tokenizer has.
    """

    def __init__(self, tokenizer: Any, vocabulary: int | None = None) -> None:
        import xgrammar

        info = xgrammar.TokenizerInfo.from_huggingface(tokenizer, vocab_size=vocabulary or len(tokenizer))
        self._compiler = xgrammar.GrammarCompiler(info, cache_limit_bytes=MOST_BYTES)

    def processor(self, schema: dict[str, Any]) -> Any:
        """A ``LogitsProcessor`` for one ``generate()``, of any number of rows.

        What is written has the properties in the schema's order and one space after each comma and colon, as
        ``json.dumps`` writes: with spaces left free a model that has not learnt the shape may write them for ever.

        Raises:
            ValueError, RuntimeError: it is no schema, or one that cannot be kept to, or larger than any answer's.
        """
        _check_size(schema)
        from xgrammar.contrib.hf import LogitsProcessor

        return LogitsProcessor(
            self._compiler.compile_json_schema(_spelt_out(schema), any_whitespace=False, separators=(", ", ": "))
        )


def _spelt_out(schema: Any) -> Any:
    """``schema`` with the lengths of texts as patterns."""
    if isinstance(schema, list):
        return [_spelt_out(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: _spelt_out(part) for name, part in schema.items()}
    if not isinstance(schema.get("minLength"), int) or "pattern" in schema:
        return parts
    least, most = parts.pop("minLength"), parts.pop("maxLength", None)
    if least <= 1 and most is None:
        pattern = f"{_CHARACTER}*{_SPEAKING}{_CHARACTER}*" if least else f"{_CHARACTER}*"
    else:
        pattern = f"{_CHARACTER}{{{least},{'' if most is None else most}}}"
    return {**parts, "pattern": f"^{pattern}$"}


def _check_size(schema: Any) -> None:
    parts, depth = [schema], 0
    while parts:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"it is more than {DEEPEST} levels deep")
        if any(isinstance(part, str) and len(part) > MOST_OF_A_TEXT for part in parts):
            raise ValueError(f"a text in it is longer than {MOST_OF_A_TEXT} characters")
        inner = [list(part.values()) if isinstance(part, dict) else part for part in parts]
        parts = [each for part in inner if isinstance(part, list) for each in part]
    if len(json.dumps(schema)) > MOST_CHARACTERS:
        raise ValueError(f"it is longer than {MOST_CHARACTERS} characters")
