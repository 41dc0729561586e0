"""The shelf and the scanner: what one's post and cases have and nothing else, typing errors in words, Enter alone."""

import re
from uuid import uuid4

from reports import access, policy
from reports.evidence.shelf import misread
from reports.models import Case, Custody
from tests.desk.conftest import names_a_case, text
from tests.evidence.conftest import Room
from tests.signed_in import signed_in

SHELF = "/admin/shelf/"


def scan(client, number: str):
    return client.post(SHELF, {"do": "find", "number": number})


def focus(page: str) -> list[str]:
    """The names of the controls that have the focus when the page comes."""
    return [re.search(r'name="([^"]+)"', tag)[1] for tag in re.findall(r"<input[^>]*\sautofocus[^>]*>", page)]


def enter(client, address: str, page: str, form: str, **typed: str):
    """Press Enter in the form as it stands: what its controls hold, and what is typed into them."""
    body = page.split(f'data-test="{form}-form"')[1].split("</form>")[0]
    data = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = re.search(r'name="([^"]+)"', tag)[1], re.search(r'value="([^"]*)"', tag)
        if 'type="radio"' in tag or 'type="checkbox"' in tag:
            if " checked" in tag:
                data[name] = value[1] if value else "on"
        else:
            data[name] = value[1] if value else ""
    return client.post(address, data | typed)


def test_ev_03_typing_errors_are_told_in_words_and_every_wrong_number_answers_alike(world):
    room = Room.build(world)
    kit, number = room.stored()
    custodian, sarc, stranger = signed_in(room.custodian), signed_in(world.sarc), signed_in(world.stranger)
    bare = number.replace("-", "")
    swapped = bare[1] + bare[0] + bare[2:] if bare[0] != bare[1] else None
    wrong = "2" if bare[4] != "2" else "3"
    for typed, says in (
        (bare[:-1], "12 were read"), (bare + "0", "14 were read"), (f"U{bare[1:]}", "“U” never stands"),
        (bare[:4] + wrong + bare[5:], "was misread, or two were exchanged"), (swapped, "two were exchanged"),
        ("?" * 39, "“?” never stands"),
    ):  # fmt: skip
        if typed:
            assert says in misread(typed)
            answer = scan(custodian, typed)
            assert (answer.status_code, says in text(answer)) == (422, True), typed
            assert focus(text(answer)) == ["number"]
            # Empty: what is scanned next must not be added to what stands there.
            assert not re.search(r'<input[^>]*name="number"[^>]*value="[^"]', text(answer))
    # Lower case, spaces, O and I: as the check allows.
    for typed in (number.lower(), number.replace("-", " "), number.replace("0", "O").replace("1", "i")):
        assert scan(custodian, typed)["Location"] == f"{SHELF}{kit.card_id}/"
    # One's cases, too; of others and of nobody: the same page, to the byte, by those who hold some and who hold none.
    assert scan(sarc, number)["Location"] == f"{SHELF}{kit.card_id}/"
    nobody = policy.new_control_number()
    for client in (stranger, signed_in(world.mcio)):
        pages = [scan(client, each) for each in (number, nobody)]
        assert {page.status_code for page in pages} == {422}
        plain = [re.sub(r'value="[^"]*"|<code>[^<]*', "", text(page)) for page in pages]
        assert plain[0] == plain[1]
        assert "no kit of this number is with your post or your cases" in plain[0]
        assert {client.get(f"{SHELF}{each}/").status_code for each in (kit.card_id, uuid4())} == {404}
    assert signed_in(world.commander).get(SHELF).status_code == 403


def test_kh_09_a_kit_is_handed_on_and_received_by_scans_and_enter_alone(world):
    room = Room.build(world)
    kit, number = room.sealed("restricted")
    sarc, custodian = signed_in(world.sarc), signed_in(room.custodian)
    here = scan(sarc, number)["Location"]
    page = text(sarc.get(here))
    assert focus(page) == ["to"]
    # A code of nobody's, then the receiver's code from the wall; the seal, and only then the condition.
    refused = enter(sarc, here, page, "hand", to="TO-NOBODY")
    assert (refused.status_code, "No receiver has this" in text(refused), focus(text(refused))) == (
        422,
        True,
        ["to"],
    )
    answer = enter(sarc, here, page, "hand", to="to-custodian-store")
    assert (answer.status_code, focus(text(answer)), "not done yet" in text(answer)) == (
        200,
        ["seal_number"],
        False,
    )
    answer = enter(sarc, here, text(answer), "hand", seal_number="S-17")
    assert (answer.status_code, focus(text(answer)), "This is needed" in text(answer)) == (
        200,
        ["condition"],
        False,
    )
    # Enter without a condition does nothing; it was never chosen for anybody.
    answer = enter(sarc, here, text(answer), "hand")
    assert (answer.status_code, focus(text(answer))) == (200, ["condition"])
    with access.viewing(world.sarc):
        assert not Custody.objects.filter(state="offered").exists()
    assert enter(sarc, here, text(answer), "hand", condition="damaged")["Location"] == SHELF
    assert "waits for the receiver" in text(sarc.get(here))
    assert number in text(custodian.get(SHELF)).split("Offered to me")[1]

    there = scan(custodian, number)["Location"]
    page = text(custodian.get(there))
    assert (focus(page), "container damaged" in page, "S-17" in page) == (["seal_number"], True, False)
    wrong = enter(custodian, there, page, "accept", seal_number="S-71")
    assert (wrong.status_code, "The giver wrote another number" in text(wrong)) == (422, True)
    answer = enter(custodian, there, page, "accept", seal_number="s-17")
    assert (answer.status_code, focus(text(answer))) == (200, ["condition"])
    assert enter(custodian, there, text(answer), "accept", condition="damaged")["Location"] == SHELF
    with access.viewing(world.sarc):
        hop = Custody.objects.get(card=kit.card_id, to_post=room.post)
        of_case = Case.objects.get(pk=kit.case_id).number
    assert (hop.state, hop.seal_number, hop.condition, hop.condition_found, hop.seal_found_intact) == (
        "accepted", "S-17", "damaged", "damaged", True,
    )  # fmt: skip
    # The board: by place for the post, by holder for the case; and no case where none is to be known.
    board = text(custodian.get(SHELF))
    assert number in board.split('data-test="shelf-posts"')[1]
    assert "No place is noted" in board
    assert not names_a_case(board)
    mine = text(sarc.get(SHELF)).split('data-test="shelf-cases"')[1]
    assert (of_case in mine, room.post.title in mine, number in mine, "kept until" in mine) == (
        True, True, False, True,
    )  # fmt: skip
    # Against a receipt, which has to be there: a blank Enter passes the seal and not the receipt.
    page = enter(custodian, there, text(custodian.get(there)), "hand", to="TO-COURIER-MIL-TRANSPORT")
    assert focus(text(page)) == ["receipt"]
    assert focus(text(enter(custodian, there, text(page), "hand"))) == ["receipt"]
    page = enter(custodian, there, text(page), "hand", receipt="R-1")
    assert focus(text(page)) == ["seal_number"]
    assert focus(text(enter(custodian, there, text(page), "hand"))) == ["condition"]
    codes = text(custodian.get(f"{SHELF}codes/"))
    assert ("TO-CUSTODIAN-STORE" in codes, number in codes, codes.count("<svg") > 4) == (True, False, True)
