"""The pages of the REST door: every operation has one, with all that it takes, and a line that may be typed."""

import json
import shlex

from sapr.contract import reading
from sapr.contract.frozen import frozen
from tests.desk.conftest import text


def test_every_operation_has_its_page_with_its_curl_line(world, sign_in):
    client, document = sign_in(world.commander), frozen()
    listed = text(client.get("/admin/api/"))
    told = [(path, *each) for path, methods in document["paths"].items() for each in methods.items()]
    for path, method, operation in told:
        assert f'href="/admin/api/{operation["operationId"]}/"' in listed
        shown = reading.operation(operation["operationId"])
        assert {each["name"] for each in operation.get("parameters", [])} <= {row.name for row in shown.takes}
        words = shlex.split(shown.curl)
        assert words[0] == "curl"
        assert f"$API/{path.removeprefix('/api/v1/').replace('{', '${')}" in shown.curl
        if method != "get":
            assert words[words.index("-X") + 1] == method.upper()
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            name = body.get("schema", {}).get("$ref", "").rpartition("/")[2]
            needed = document["components"]["schemas"].get(name, {}).get("required", [])
            assert set(json.loads(words[words.index("-d") + 1])) == set(needed)
    # Drawn are a few: they are all of one template.
    for _, _, operation in told[:: len(told) // 5]:
        page = client.get(f"/admin/api/{operation['operationId']}/")
        assert page.status_code == 200
        for row in reading.operation(operation["operationId"]).takes:
            assert row.name in text(page)
    assert client.get("/admin/api/nothing/").status_code == 404
