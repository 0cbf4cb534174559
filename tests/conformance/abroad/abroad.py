# SPDX-License-Identifier: Apache-2.0
"""Makes a folder in the form of the DMN test kit out of the models beside it.

    abroad.py FOLDER [CASES]

The answers are computed here, in integers: pennies and thousandths, no line of them shared with the
engine or the models.
"""
import random
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

HEAD = ('<?xml version="1.0" encoding="UTF-8"?>\n<testCases '
        'xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>%s</modelName>\n')


class Pennies(int):
    """An amount of money; written in units."""


def xml(value):
    if isinstance(value, list):
        return "<list>" + "".join(f"<item>{xml(item)}</item>" for item in value) + "</list>"
    if isinstance(value, dict):
        return "".join(f'<component name="{escape(name)}">{xml(part)}</component>'
                       for name, part in value.items())
    if isinstance(value, bool):
        return f'<value xsi:type="xsd:boolean">{str(value).lower()}</value>'
    if isinstance(value, Pennies):
        return f'<value xsi:type="xsd:decimal">{value // 100}.{value % 100:02}</value>'
    if isinstance(value, int):
        return f'<value xsi:type="xsd:decimal">{value}</value>'
    if isinstance(value, date):
        return f'<value xsi:type="xsd:date">{value.isoformat()}</value>'
    return f'<value xsi:type="xsd:string">{escape(value)}</value>'


def case(number, inputs, results):
    parts = [f'<testCase id="{number:03}">']
    parts += [f'<inputNode name="{name}">{xml(value)}</inputNode>' for name, value in inputs.items()]
    parts += [f'<resultNode name="{name}" type="decision"><expected>{xml(value)}</expected>'
              "</resultNode>" for name, value in results.items()]
    return "".join(parts) + "</testCase>\n"


# --- Food benefit: money in thousandths of a penny ---

MILLI = 1000


def up(amount, unit):
    return -(-amount // unit)


def monthly(income):
    pennies = income["amount"]
    return {"weekly": pennies * 4300, "every two weeks": pennies * 2150, "monthly": pennies * MILLI,
            "yearly": pennies // 12 * MILLI}[income["frequency"]]


def by_size(amounts, more, size):
    known = amounts[min(size, len(amounts)) - 1]
    return (known + more * max(0, size - len(amounts))) * 100 * MILLI


def food_benefit(household):
    members = [m for m in household["members"] if m["role"] != "boarder"]
    size = len(members)
    frail = any(m["age"] >= 60 or m["disabled"] for m in members)
    earned = sum(monthly(i) for m in members if m["age"] >= 18 for i in m["incomes"]
                 if i["type"] in ("wages", "self-employment"))
    unearned = sum(monthly(i) for m in members for i in m["incomes"]
                   if i["type"] in ("pension", "support"))
    gross = earned + unearned
    deduction = {4: 208, 5: 244}.get(size, 198 if size < 4 else 279) * 100 * MILLI
    # In tenths of thousandths, halved: so that a fifth and a half of it stay whole.
    adjusted = max(0, 10 * gross - 2 * earned - 10 * deduction)
    excess = max(0, 20 * household["housing costs"] * MILLI - adjusted)
    shelter = excess if frail else min(excess, 20 * 672 * 100 * MILLI)
    net = max(0, 2 * adjusted - shelter)  # in twentieths of thousandths
    grounds = []
    if not frail and gross > by_size([1632, 2215, 2798, 3380, 3963, 4546], 583, size):
        grounds.append("gross income")
    if net > 20 * by_size([1255, 1704, 2152, 2600, 3049, 3497], 449, size):
        grounds.append("net income")
    allotment = by_size([292, 536, 768, 975, 1158, 1390], 220, size) // (100 * MILLI)
    left = allotment - up(3 * net, 10 * 20 * 100 * MILLI)
    benefit = 0 if grounds else max(left, 23 if size <= 2 else 0)
    return {"Size": size, "Grounds": grounds or "none", "Benefit": benefit}


def any_member(dice, role):
    incomes = [{"type": dice.choice(["wages", "wages", "self-employment", "pension", "support",
                                     "student grant", "gift"]),
                "frequency": dice.choice(["weekly", "every two weeks", "monthly", "yearly"]),
                "amount": Pennies(dice.randint(0, 90_000))} for _ in range(dice.randint(0, 2))]
    for income in incomes:
        if income["frequency"] == "yearly":
            income["amount"] = Pennies(income["amount"] * 12 + dice.randint(0, 11))
    return {"role": role, "age": dice.randint(0, 17) if role == "child" else dice.randint(16, 70),
            "disabled": dice.random() < 0.05, "incomes": incomes}


def food_case(dice):
    roles = ["head"] + dice.choices(["spouse", "child", "child", "boarder"], k=dice.randint(0, 8))
    household = {"members": [any_member(dice, role) for role in roles],
                 "housing costs": Pennies(dice.randint(0, 250_000))}
    return {"household": household}, food_benefit(household)


# --- Child benefit: pennies ---

def age_on(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def child_benefit(children, incomes, day):
    count = sum(1 for c in children if c["born"] <= day and
                (age_on(c["born"], day) < 16 or
                 (age_on(c["born"], day) < 20 and c["in education"])))
    full = 2560 + 1695 * (count - 1) if count else 0
    percent = min(100, max(0, (max(incomes) - 6_000_000) // 20_000)) if incomes else 0
    return Pennies(up(full * (100 - percent), 100))


def any_children(dice, day):
    return [{"born": day - timedelta(days=dice.choice([dice.randint(-30, 8000), 16 * 365 + 4,
                                                       20 * 365 + 5])),
             "in education": dice.random() < 0.5} for _ in range(dice.randint(0, 4))]


def any_income(dice):
    return Pennies(dice.choice([0, dice.randint(0, 9_000_000), 6_000_000 + 20_000 *
                                dice.randint(0, 101) - dice.randint(0, 1)]))


def child_case(dice):
    day = date(2026, 1, 1) + timedelta(days=dice.randint(0, 700))
    children = any_children(dice, day)
    incomes = [any_income(dice) for _ in range(dice.randint(0, 2))]
    return ({"children": children, "incomes of adults": incomes, "day": day},
            {"Weekly benefit": child_benefit(children, incomes, day)})


# --- Household credit: pennies ---

def credit_case(dice):
    day = date(2026, 1, 1) + timedelta(days=dice.randint(0, 700))
    families = []
    for _ in range(dice.randint(1, 3)):
        roles = dice.sample(["claimant", "partner", "other", "other"], dice.randint(0, 3))
        adults = [{"role": role, "income": any_income(dice) if dice.random() < 0.3 else
                   Pennies(dice.randint(0, 1_500_000))} for role in roles]
        families.append({"adults": adults, "children": any_children(dice, day)})
    rent = Pennies(dice.randint(0, 3_000_000))
    credits = []
    for family in families:
        adults = family["adults"]
        counted = [a["income"] for a in adults if a["role"] != "other"]
        means = sum(a["income"] for a in adults) + 52 * child_benefit(family["children"], counted,
                                                                      day)
        share = up(rent, 2 * len(families) * 100)
        taper = max(0, means - 1_200_000) * 7 // 10_000
        claims = any(a["role"] == "claimant" for a in adults)
        credits.append(max(0, share - taper) if claims else 0)
    return {"dwelling": {"rent": rent, "families": families}, "day": day}, {"Credit": credits}


CASES = {"food_benefit": (food_case, []), "child_benefit": (child_case, []),
         "household_credit": (credit_case, ["child_benefit"])}


def main():
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    here = Path(__file__).parent
    for name, (make, imported) in CASES.items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        for model in [name] + imported:
            shutil.copy(here / f"{model}.dmn", place / f"{model}.dmn")
        dice = random.Random(name)
        with open(place / f"{name}-test-01.xml", "w", encoding="utf-8") as file:
            file.write(HEAD % f"{name}.dmn")
            for number in range(count):
                file.write(case(number, *make(dice)))
            file.write("</testCases>\n")


if __name__ == "__main__":
    main()
