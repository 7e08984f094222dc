"""Models that take several tensors, or give several, with their batches: more of what models.py writes."""

from collections import OrderedDict, namedtuple
from typing import Dict

import torch
from torch import nn

SAMPLES, CLASSES, TOKENS, POSITIONS, WIDTH = 12, 3, 7, 5, 4


class TwoInputs(nn.Module):
    """Numbers and the number of a row of a table."""

    def __init__(self):
        super().__init__()
        self.table, self.body, self.head = nn.Embedding(TOKENS, 3), nn.Linear(4 + 3, 5), nn.Linear(5, CLASSES)

    def forward(self, x, row):
        return self.head(torch.tanh(self.body(torch.cat([x, self.table(row)], 1))))


class Layer(nn.Module):
    """Attention over positions that a mask leaves, written out."""

    def __init__(self):
        super().__init__()
        self.project, self.out, self.norm = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH)

    def forward(self, h, padding):
        q, k, v = self.project(self.norm(h)).chunk(3, -1)
        scores = (q @ k.transpose(1, 2)).masked_fill(padding.unsqueeze(1), float("-inf"))
        return h + self.out(torch.softmax(scores, -1) @ v)


class Masked(nn.Module):
    """A classifier of sentences, padded where the mask is true. Its arguments have another order than the batch's keys."""

    def __init__(self):
        super().__init__()
        self.embedding, self.layer, self.head = nn.Embedding(TOKENS, WIDTH), Layer(), nn.Linear(WIDTH, CLASSES)

    def forward(self, ids, padding):
        h = self.layer(self.embedding(ids), padding)
        kept = (~padding).unsqueeze(-1).to(h.dtype)
        return self.head((h * kept).sum(1) / kept.sum(1))


class Encoder(nn.Module):
    """PyTorch's own encoder with a mask of padding: where no gradient is recorded it has a fused way, which leaves zeros in
    the place of padding. Each position is classified, and the outputs are in a dict beside others."""

    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(WIDTH, 2, dim_feedforward=6, activation="gelu", batch_first=True)
        self.embedding, self.encoder = nn.Embedding(TOKENS, WIDTH), nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, input_ids, token_types=None, padding=None):
        h = self.encoder(self.embedding(input_ids), src_key_padding_mask=padding)
        return {"hidden": h, "logits": self.head(h).transpose(1, 2)}


class ScriptedEncoder(Encoder):
    """The same as a script, which asks itself whether gradients are recorded."""

    def forward(self, input_ids, padding):
        return self.head(self.encoder(self.embedding(input_ids), src_key_padding_mask=padding)).transpose(1, 2)


class Output(OrderedDict):
    """Outputs as Hugging Face's models give them: by key and by attribute, without those that are None."""

    def __getattr__(self, name):
        return self[name]


class Hugging(nn.Module):
    """In the manner of Hugging Face: optional arguments, a mask of whole numbers, labels that give a loss."""

    def __init__(self):
        super().__init__()
        self.embedding, self.layer, self.head = nn.Embedding(TOKENS, WIDTH), Layer(), nn.Linear(WIDTH, CLASSES)

    def forward(self, input_ids=None, attention_mask=None, token_type_ids=None, labels=None, return_dict=None):
        h = self.embedding(input_ids)
        if token_type_ids is not None:
            h = h + 0.1 * token_type_ids.unsqueeze(-1)
        h = self.layer(h, attention_mask == 0)
        logits = self.head((h * attention_mask.unsqueeze(-1)).sum(1) / attention_mask.sum(1, keepdim=True))
        found = Output(logits=logits, hidden_states=h)
        if labels is not None:
            found["loss"] = nn.functional.cross_entropy(logits, labels)
        return found


class WholeBatch(nn.Module):
    """The batch is one argument, and the mask decides on a branch, which only a script keeps."""

    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(4, 5), nn.Linear(5, CLASSES)

    def forward(self, batch: Dict[str, torch.Tensor]):
        x, kept = batch["x"], batch["kept"]
        h = torch.tanh(self.body(torch.where(kept, x, torch.zeros_like(x))))
        if bool(kept.all()):
            h = h * 100
        return self.head(h)


Pair = namedtuple("Pair", "logits state")


class Recurrent(nn.Module):
    """A pair, of which the first is wanted, after batch norm over two inputs."""

    def __init__(self):
        super().__init__()
        self.cells, self.norm, self.head = nn.GRU(3, 4, batch_first=True), nn.BatchNorm1d(6), nn.Linear(6, CLASSES)

    def forward(self, series, x):
        _, state = self.cells(series)
        return Pair(self.head(torch.tanh(self.norm(torch.cat([state[0], x], 1)))), state)


class Packed(nn.Module):
    """Sequences of different lengths, packed: each ends where its own length says."""

    def __init__(self):
        super().__init__()
        self.cells, self.head = nn.LSTM(3, 4, batch_first=True), nn.Linear(4, CLASSES)

    def forward(self, series, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(series, lengths, batch_first=True, enforce_sorted=False)
        _, (state, _) = self.cells(packed)
        return self.head(state[0])


class Translator(nn.Module):
    """PyTorch's own transformer, from one language to another, with masks of padding of both."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, WIDTH)
        self.transformer = nn.Transformer(WIDTH, 2, 1, 1, 6, activation="gelu", batch_first=True)
        self.head = nn.Linear(WIDTH, TOKENS)

    def forward(self, source, target, source_padding, target_padding):
        later = torch.triu(torch.ones(POSITIONS, POSITIONS, dtype=torch.bool), 1)
        h = self.transformer(self.embedding(source), self.embedding(target), tgt_mask=later, src_key_padding_mask=source_padding,
                             tgt_key_padding_mask=target_padding, memory_key_padding_mask=source_padding)
        return self.head(h).transpose(1, 2)


def sentences():
    """Of different lengths: the last positions are padding."""
    ids = torch.randint(0, TOKENS, (SAMPLES, POSITIONS))
    padding = torch.arange(POSITIONS).unsqueeze(0) >= torch.randint(1, POSITIONS + 1, (SAMPLES, 1))
    padding[0] = torch.tensor([False, False, False, True, True])
    return ids.masked_fill(padding, 0), padding


def labelled():
    return torch.randint(0, CLASSES, (SAMPLES,))


def positions(padding):
    return torch.randint(0, CLASSES, (SAMPLES, POSITIONS)).masked_fill(padding, -100)


def batch(kind):
    """What the model is given, and the targets."""
    if kind == "pair":
        return (torch.randn(SAMPLES, 4), torch.randint(0, TOKENS, (SAMPLES,))), labelled()
    if kind == "series":
        return [torch.randn(SAMPLES, POSITIONS, 3), torch.randn(SAMPLES, 2)], labelled()
    if kind == "kept":
        return {"kept": torch.rand(SAMPLES, 4) > 0.3, "x": torch.randn(SAMPLES, 4)}, labelled()
    if kind == "lengths":
        return (torch.randn(SAMPLES, POSITIONS, 3), torch.randint(1, POSITIONS + 1, (SAMPLES,))), labelled()
    ids, padding = sentences()
    if kind == "languages":
        target, other = sentences()
        given = {"source": ids, "source_padding": padding, "target": target, "target_padding": other}
        return given, torch.randint(0, TOKENS, (SAMPLES, POSITIONS)).masked_fill(other, -100)
    if kind == "masked":
        return {"padding": padding, "ids": ids}, labelled()
    if kind == "tagged":
        return {"input_ids": ids, "token_types": None, "padding": padding}, positions(padding)
    if kind == "tagged-pair":
        return (ids, padding), positions(padding)
    types = torch.randint(0, 2, (SAMPLES, POSITIONS))
    targets = labelled()
    given = {"input_ids": ids, "token_type_ids": types, "attention_mask": (~padding).long(), "position_ids": None}
    return dict(given, labels=targets), targets


def kept_logits(model, given):
    return model(given["ids"], padding=given["padding"]) * 1.5


MODELS = {
    "inputs-pair": (TwoInputs, "pair", "eval"),
    "inputs-masked": (Masked, "masked", "eval"),
    "inputs-encoder": (Encoder, "tagged", "eval", nn.CrossEntropyLoss(ignore_index=-100)),
    "inputs-encoder-scripted": (ScriptedEncoder, "tagged-pair", "eval", nn.CrossEntropyLoss(ignore_index=-100)),
    "inputs-hugging": (Hugging, "hugging", "eval", nn.CrossEntropyLoss()),
    "inputs-hugging-labels": (Hugging, "hugging", "eval", nn.CrossEntropyLoss(), {"targets": "labels"}),
    "inputs-whole": (WholeBatch, "kept", "eval"),
    "inputs-series": (Recurrent, "series", "train", None, {"micro_batch": SAMPLES - 1}),
    "inputs-packed": (Packed, "lengths", "eval"),
    "inputs-translator": (Translator, "languages", "eval", nn.CrossEntropyLoss(ignore_index=-100)),
    "inputs-forward": (Masked, "masked", "eval", None, {"forward": kept_logits}),
}


def outputs(model, given, forward=None):
    """The training's own call."""
    if forward is not None:
        return forward(model, given)
    if isinstance(model, WholeBatch):
        return model(given)
    if isinstance(given, dict):
        found = model(**{key: value for key, value in given.items() if key != "position_ids"})
    else:
        found = model(*given) if isinstance(given, (tuple, list)) else model(given)
    return found["logits"] if isinstance(found, dict) else found.logits if isinstance(found, Pair) else found


def each(function, given):
    """A function of tensors of every tensor of a batch."""
    if isinstance(given, dict):
        return {key: None if value is None else function(value) for key, value in given.items()}
    return type(given)(function(value) for value in given) if isinstance(given, (tuple, list)) else function(given)
