"""The verifier's own Ed25519 against the RFC's vectors and against the library that signs."""

from hashlib import sha512

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from reports.ledger.verifier import ORDER, P, signature_holds

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = {
    "empty": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "one byte": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "two bytes": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "SHA(abc)": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}
VECTOR = pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)


def read(vector) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(each) for each in vector)


@VECTOR
def test_the_rfcs_vectors_hold(vector) -> None:
    assert signature_holds(*read(vector))


@VECTOR
def test_with_any_bit_changed_they_do_not(vector) -> None:
    public, message, signature = read(vector)
    assert not signature_holds(public, message + b"\0", signature)
    for at in range(0, 64, 7):
        assert not signature_holds(public, message, changed(signature, at))
    for at in range(0, 32, 5):
        assert not signature_holds(changed(public, at), message, signature)


@VECTOR
def test_a_second_spelling_of_the_same_signature_is_refused(vector) -> None:
    public, message, signature = read(vector)
    s = int.from_bytes(signature[32:], "little") + ORDER
    assert not signature_holds(public, message, signature[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "public",
    [
        b"",
        bytes(31),
        bytes(33),
        b"\x02" + bytes(31),
        (P + 1).to_bytes(32, "little"),
        b"\x01" + bytes(30) + b"\x80",
    ],
    ids=["empty", "short", "long", "no point", "beyond the field", "minus zero"],
)
def test_what_is_no_key_verifies_nothing(public) -> None:
    assert not signature_holds(public, b"", bytes(64))


def test_it_agrees_with_the_library_on_true_and_false_signatures() -> None:
    for number in range(20):
        key = Ed25519PrivateKey.from_private_bytes(sha512(b"%d" % number).digest()[:32])
        public, message = key.public_key().public_bytes_raw(), b"x" * number * 13
        signature = key.sign(message)
        assert signature_holds(public, message, signature)
        forged = changed(signature, number * 3)
        assert signature_holds(public, message, forged) is library_says(public, message, forged) is False


def library_says(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def changed(octets: bytes, at: int) -> bytes:
    return octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]
