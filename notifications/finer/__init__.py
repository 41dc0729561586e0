"""Words of a Restricted notice that say more than its addressee's rung: two persons, and the victim's consent."""
