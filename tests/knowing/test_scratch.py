from django.db import connections
from tests.access.people import build
from tests.signed_in import signed_in
class Asked:
    def __init__(self): self.q=[]
    def __call__(self, execute, sql, params, many, context):
        self.q.append(sql[:230]); return execute(sql, params, many, context)
def test_x(world):
    s=build(world,"converted")
    c=signed_in(world.sarc)
    for page in ("","who-knew/"):
        a=Asked()
        with connections["default"].execute_wrapper(a), connections["keys"].execute_wrapper(a):
            r=c.get(f"/admin/cases/{s.case.pk}/{page}")
        print(page, r.status_code, len(a.q), len(r.content))
        for q in a.q: print("   ",q.replace("\n"," "))
