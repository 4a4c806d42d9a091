"""The tiny model's tokenizer: byte-level BPE over text made from the answer schema and the prompt.

Digits stay single so that numbers can be read and written. Every JSON key of the schema is one token, with the comma
before it, and so is every line of the fixed prompt: a sample is about 300 tokens long instead of 1,500, which is what
makes training on two CPU cores bearable. A prompt that changes later is read word by word, and nothing breaks.
"""

import random
from collections.abc import Iterator
from typing import Any

from apps.captures.labelling.sample import Sample
from apps.captures.labelling.schema import SCHEMA_VERSION, answer_schema, section_schema
from apps.training.datasets.prompt import system_prompt, user_prompt
from apps.training.datasets.target import target, target_text

PADDING, END_OF_TURN = "<|endoftext|>", "<|im_end|>"
SPECIAL_TOKENS = (
    PADDING,
    "<|im_start|>",
    END_OF_TURN,
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
VOCABULARY = 2048
JSON_WORDS = ("true", "false", "null", "integer", "number", "boolean", "string")
WEAPONS = (
    "AK-47",
    "M4A1-S",
    "M4A4",
    "AWP",
    "SSG 08",
    "FAMAS",
    "Galil AR",
    "AUG",
    "SG 553",
    "MP9",
    "MAC-10",
    "MP7",
    "MP5-SD",
    "UMP-45",
    "P90",
    "PP-Bizon",
    "Nova",
    "XM1014",
    "MAG-7",
    "Sawed-Off",
    "M249",
    "Negev",
    "Glock-18",
    "USP-S",
    "P2000",
    "P250",
    "Five-SeveN",
    "Tec-9",
    "CZ75-Auto",
    "Dual Berettas",
    "Desert Eagle",
    "R8 Revolver",
    "Knife",
    "C4",
    "Zeus x27",
)
MAPS = ("de_dust2", "de_mirage", "de_inferno", "de_nuke", "de_ancient", "de_anubis", "de_overpass", "de_train")


def schema_keys(node: Any) -> Iterator[str]:
    """Every property name below a JSON Schema node, in the file's order."""
    if isinstance(node, dict):
        for name, child in node.get("properties", {}).items():
            yield name
            yield from schema_keys(child)
        yield from schema_keys(node.get("items"))


def corpus(seed: int = 0, answers: int = 400) -> Iterator[str]:
    """The prompt, and answers to made-up samples, as the texts the merges are learnt from."""
    source = random.Random(seed)  # noqa: S311  (a fixed corpus, not a secret)
    for _ in range(10):
        yield from prompt_lines()
    for number in range(answers):
        yield target_text(target(_random_sample(number, source))[0])


def prompt_lines() -> list[str]:
    """The lines of the prompt that are the same for every frame."""
    return [line for line in (*system_prompt().splitlines(), *user_prompt().splitlines()) if line]


def _random_sample(number: int, source: random.Random) -> Sample:
    label = {name: _random_value(field, source) for name, field in section_schema("game_state")["properties"].items()}
    label |= {"weapon_primary": source.choice(WEAPONS), "map_name": source.choice(MAPS), "round_clock": "1:23"}
    behavior = _random_value(section_schema("advice")["properties"]["behavior"], source)
    return Sample(
        screenshot_id=number,
        image_name="",
        demo_sha256="",
        map_name=label["map_name"],
        round_number=1,
        tick=number,
        slot=0,
        steamid=0,
        player_name="",
        side="CT",
        hud_profile="",
        schema_version=SCHEMA_VERSION,
        label=label,
        behavior=behavior if number % 4 else None,
    )


def _random_value(schema: dict[str, Any], source: random.Random) -> Any:
    """Some value a node of the schema allows; words for free text."""
    if "enum" in schema:
        return source.choice(schema["enum"])
    kinds = schema.get("type", "null")
    kind = source.choice(kinds) if isinstance(kinds, list) else kinds
    if kind == "object":
        return {name: _random_value(child, source) for name, child in schema["properties"].items()}
    if kind == "array":
        return [_random_value(schema["items"], source) for _ in range(source.randint(0, 2))]
    if kind == "string":
        return source.choice(WEAPONS)
    if kind == "number":
        return round(source.random(), 2)
    if kind == "integer":
        return source.randint(0, int(min(schema.get("maximum", 100), 20_000)))
    return source.random() < 0.5 if kind == "boolean" else None


def build_tokenizer() -> Any:
    """A ``PreTrainedTokenizerFast`` with Qwen's special tokens; the same on every call."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    # Merges may cross spaces inside a line, so that the fixed prompt costs a token per phrase, not per word.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r'\p{N}|\n+|["\[\]{}|]+|[^\p{N}\n"\[\]{}|]+'), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    names = dict.fromkeys(schema_keys(answer_schema()))
    keys = [f'{before}"{name}": ' for before in (", ", "") for name in names]
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in SPECIAL_TOKENS])
    tokenizer.train_from_iterator(
        corpus(),
        trainers.BpeTrainer(
            vocab_size=VOCABULARY,
            special_tokens=list(SPECIAL_TOKENS),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    tokenizer.add_tokens([AddedToken(word, normalized=False, single_word=True) for word in JSON_WORDS])
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in (*keys, *prompt_lines())])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END_OF_TURN,
        pad_token=PADDING,
        additional_special_tokens=[name for name in SPECIAL_TOKENS if name not in (END_OF_TURN, PADDING)],
        model_max_length=8192,
        clean_up_tokenization_spaces=False,
    )
