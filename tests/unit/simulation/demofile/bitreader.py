"""Reads bit streams back, as a reader of recordings would: least significant bit first."""


class BitReader:
    def __init__(self, data: bytes) -> None:
        self.value, self.at, self.size = int.from_bytes(data, "little"), 0, 8 * len(data)

    def take(self, bits: int) -> int:
        assert self.at + bits <= self.size, "read past the end"
        out = (self.value >> self.at) & ((1 << bits) - 1)
        self.at += bits
        return out

    def ubitvar(self) -> int:
        low = self.take(6)
        return (low & 15) | self.take((0, 4, 8, 28)[low >> 4]) << 4

    def uvarint(self) -> int:
        out, shift = 0, 0
        while True:
            byte = self.take(8)
            out |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return out

    def varint(self) -> int:
        value = self.uvarint()
        return (value >> 1) ^ -(value & 1)

    def string(self) -> bytes:
        out = bytearray()
        while (byte := self.take(8)) != 0:
            out.append(byte)
        return bytes(out)
