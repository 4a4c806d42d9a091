"""Writing held to a JSON schema while it is written: at each step only tokens that a valid text can go on with.

By XGrammar, the engine that vLLM is asked to use as well (``docs/model-servers.md``).
"""

from typing import Any

# Of a text with a least length XGrammar makes a rule that lets control characters through, which JSON does not allow.
_CHARACTER = r'[^"\\\x00-\x1f]'
_SPEAKING = r"[0-9A-Za-z\u00c0-\u1fff\u3040-\uffff]"  # a text that may not be empty has to say something


class Constraint:
    """The schemas that one tokenizer is held to; each is compiled once.

    ``vocabulary`` is how many scores the model gives for the next token, where that is more than the tokenizer has.
    """

    def __init__(self, tokenizer: Any, vocabulary: int | None = None) -> None:
        import xgrammar

        info = xgrammar.TokenizerInfo.from_huggingface(tokenizer, vocab_size=vocabulary or len(tokenizer))
        self._compiler = xgrammar.GrammarCompiler(info)

    def processor(self, schema: dict[str, Any]) -> Any:
        """A ``LogitsProcessor`` for one ``generate()``, of any number of rows.

        What is written has the properties in the schema's order and one space after each comma and colon, as
        ``json.dumps`` writes: with spaces left free a model that has not learnt the shape may write them for ever.

        Raises:
            ValueError, RuntimeError: it is no schema, or one that cannot be kept to.
        """
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
