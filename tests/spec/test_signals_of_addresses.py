"""Which addresses are worth a look: spellings of one mailbox, slips, and addresses that live for minutes."""

from __future__ import annotations

import re
from datetime import date

import pytest

from checks.people.address_matching import BIG_DOMAINS, REAL_NEIGHBOURS, disposable, is_slip
from checks.people.email_key import email_key
from checks.people.mailboxes import PROVIDERS, mailbox
from tests.vaults import drawn

MAILBOXES = drawn("""
    email key                        | mailbox                     | because
    ada.byron@gmail.com              | adabyron@gmail.com          | dots make no difference at Gmail
    a.d.a.byron@gmail.com            | adabyron@gmail.com          | however many there are
    adabyron+pledge@gmail.com        | adabyron@gmail.com          | a plus tag is no part of the mailbox
    ada.byron+a+b@gmail.com          | adabyron@gmail.com          | the first plus begins it
    ada.byron@googlemail.com         | adabyron@gmail.com          | Gmail's old British name
    +pledge@gmail.com                | +pledge@gmail.com           | nothing would be left before the @
    ada-byron@gmail.com              | ada-byron@gmail.com         | hyphens do make a difference at Gmail
    ada.byron@mail.gmail.com         | ada.byron@mail.gmail.com    | another domain, though it ends alike
    ada.byron@gmail.co.uk            | ada.byron@gmail.co.uk       | no domain of Gmail's
    ada.byron+x@outlook.com          | ada.byron@outlook.com       | tags, and no more: a dot counts
    adabyron@outlook.com             | adabyron@outlook.com        | as it is
    adabyron@hotmail.com             | adabyron@hotmail.com        | one name there is two mailboxes
    ada+x@live.com                   | ada@live.com                | tags
    ada+x@hotmail.co.uk              | ada+x@hotmail.co.uk         | the page names no domains by country
    ada@me.com                       | ada@icloud.com              | one name at Apple's three domains
    ada@mac.com                      | ada@icloud.com              | the same
    ada+x@icloud.com                 | ada+x@icloud.com            | tags are stated nowhere
    a.d.a@icloud.com                 | a.d.a@icloud.com            | dots count at Apple
    ada_by-ron.x@proton.me           | adabyronx@proton.me         | no dots, hyphens or underscores
    ada+x@protonmail.com             | ada@protonmail.com          | tags
    ada@pm.me                        | ada@pm.me                   | one with proton.me? not stated
    ada+x@fastmail.fm                | ada@fastmail.fm             | tags
    a.da@fastmail.com                | a.da@fastmail.com           | dots count at Fastmail
    ada-pledge@yahoo.co.uk           | ada-pledge@yahoo.co.uk      | a nickname of Yahoo's, no tag
    ada+x@btinternet.com             | ada+x@btinternet.com        | nothing is stated
    p1a+ada@glenview.sch.uk          | p1a+ada@glenview.sch.uk     | a school: nothing but case
    j.mac.leod@highland.gov.uk       | j.mac.leod@highland.gov.uk  | a council
    ada.b+x@gov.scot                 | ada.b+x@gov.scot            | the government
    gw08byronada@glow.sch.uk         | gw08byronada@glow.sch.uk    | Glow, whoever runs its mail
    ada.byron@example.org            | ada.byron@example.org       | whoever runs its mail
""")

SLIPS = drawn("""
    one                        | other                        | slip | because
    fionamacleod@example.org   | fionamaclead@example.org     | yes  | one letter for another
    fionamacleod@example.org   | fionamaceod@example.org      | yes  | one left out
    fionamacleod@example.org   | fionammacleod@example.org    | yes  | one too many
    fionamacleod@example.org   | fionamalceod@example.org     | yes  | two neighbours swapped
    fiona.macleod@example.org  | fionamacleod@example.org     | yes  | the dot forgotten
    fionamacleod@example.org   | finoamacleda@example.org     | no   | two slips
    fionamacleod@example.org   | macleodfiona@example.org     | no   | another order is another address
    fionamacleod@example.org   | fionamacleod@example.org     | no   | nothing differs
    john.smith1@gmail.com      | john.smith2@gmail.com        | no   | digits tell accounts apart
    john.smith@gmail.com       | john.smith1@gmail.com        | no   | one has a digit, one has none
    john.smith19@gmail.com     | john.smith91@gmail.com       | no   | swapped digits are other digits
    johnsmith0@gmail.com       | johnsmitho@gmail.com         | no   | so is a digit for a letter
    john.smith1@gmail.com      | john.smyth1@gmail.com        | yes  | the digits agree
    anna@example.org           | anno@example.org             | no   | names under five letters lie too close
    annas@example.org          | annos@example.org            | yes  | from five on
    annas@example.org          | anna@example.org             | no   | the shorter of the two counts
    ada@gmail.com              | ada@gmial.com                | yes  | a big provider's name, swapped
    ada@hotmail.com            | ada@hotmail.co               | yes  | cut short
    ada@btinternet.com         | ada@btinterent.com           | yes  | swapped
    ada@gmail.com              | ada@gmail.con                | yes  | the ending
    ada@yahoo.co.uk            | ada@yaho.co.uk               | yes  | left out
    ada@gmail.com              | ada@gmal.co                  | no   | two slips
    ada@gmail.com              | ada@ymail.com                | no   | Yahoo's, with people of its own
    ada@gmail.com              | ada@mail.com                 | no   | another provider
    ada@gmail.com              | adb@gmial.com                | no   | a slip on either side of the @
    ada@glenview.sch.uk        | ada@glenvew.sch.uk           | no   | it may be a school of that name
    ada@icloud.com             | ada@aol.com                  | no   | two big providers, nothing alike
""")

DISPOSABLE = drawn("""
    domain               | disposable | because
    mailinator.com       | yes        | on the list
    team.mailinator.com  | yes        | below one on the list
    mailinator.scot      | no         | begins alike, and is another
    com                  | no         | no ending is on the list
    gmail.com            | no         | a provider
    duck.com             | no         | forwards for as long as its owner likes
    icloud.com           | no         | hide-my-email lives as long as its owner likes
    glenview.sch.uk      | no         | a school
""")


@pytest.mark.parametrize("row", MAILBOXES, ids=lambda row: row["because"])
def test_an_email_key_is_a_spelling_of_this_mailbox(row):
    assert mailbox(row["email key"]) == row["mailbox"]
    assert email_key(row["email key"]).key == row["email key"]


@pytest.mark.parametrize("row", SLIPS, ids=lambda row: row["because"])
def test_two_addresses_of_one_name_differ_by_one_likely_slip(row):
    answers = {is_slip(row["one"], row["other"]), is_slip(row["other"], row["one"])}

    assert answers == {row["slip"] == "yes"}


@pytest.mark.parametrize("row", DISPOSABLE, ids=lambda row: row["because"])
def test_a_domain_gives_out_addresses_for_minutes(row):
    assert disposable([row["domain"]]) == [row["domain"]] * (row["disposable"] == "yes")


def test_every_rule_of_a_provider_has_a_page_and_a_day():
    for provider in PROVIDERS:
        n_rules = len({"tag", "ignored", "is_one_domain"} & set(provider))
        assert len(provider["sources"]) == n_rules, provider["domains"]
        for source in provider["sources"]:
            assert re.match(r"https://\w[\w.]+/\S+$", source["address"])
            assert source["relied_on"] <= date(2026, 11, 24)
            assert source["page"]
            assert source["rule"]


def test_no_domain_is_two_providers_and_none_is_a_school_s_or_a_council_s():
    domains = [domain for provider in PROVIDERS for domain in provider["domains"]]

    assert len(domains) == len(set(domains)) > 0
    assert [one for one in domains if re.search(r"sch\.uk$|gov\.uk$|\.scot$|glow", one)] == []


def test_no_two_big_providers_are_taken_for_slips_of_one_another():
    known = sorted(BIG_DOMAINS | REAL_NEIGHBOURS)

    assert [(one, other) for one in known for other in known if is_slip(f"ada@{one}", f"ada@{other}")] == []
