"""The pages of the REST door: every operation has one, with all that it takes, and a line that may be typed."""

import json
import shlex

from sapr.contract.frozen import frozen
from tests.desk.conftest import text


def test_every_operation_has_its_page_with_its_curl_line(world, sign_in):
    client = sign_in(world.commander)
    listed = text(client.get("/admin/api/"))
    for path, methods in frozen()["paths"].items():
        for method, told in methods.items():
            address = f"/admin/api/{told['operationId']}/"
            assert f'href="{address}"' in listed
            page = client.get(address)
            assert page.status_code == 200
            for each in told.get("parameters", []):
                assert each["name"] in text(page)
            curl = page.context["operation"].curl
            words = shlex.split(curl)
            assert words[0] == "curl"
            assert f"$API/{path.removeprefix('/api/v1/').replace('{', '${')}" in curl
            if method != "get":
                assert words[words.index("-X") + 1] == method.upper()
                needed = (
                    told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
                )
                sent = json.loads(words[words.index("-d") + 1])
                schema = frozen()["components"]["schemas"].get(
                    (needed or {}).get("$ref", "").rpartition("/")[2], {}
                )
                assert set(sent) == set(schema.get("required", []))
    assert client.get("/admin/api/nothing/").status_code == 404
