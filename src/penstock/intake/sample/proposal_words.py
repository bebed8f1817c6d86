"""What the sample company writes on its proposals, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

#: A water wheel, as plain as a stamp.
LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" width="320" height="96" viewBox="0 0 320 96">
<circle cx="48" cy="48" r="34" fill="none" stroke="#0b5c6b" stroke-width="7"/>
<circle cx="48" cy="48" r="9" fill="#0b5c6b"/>
<path d="M48 2v92M2 48h92M15.500 15.500l65 65M80.500 15.500l-65 65" stroke="#0b5c6b" stroke-width="5"/>
<path d="M120 66q25-18 50 0t50 0 50 0 40-8" fill="none" stroke="#2aa5b8" stroke-width="7"/>
<path d="M120 42q25-18 50 0t50 0 50 0 40-8" fill="none" stroke="#0b5c6b" stroke-width="7"/>
</svg>"""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The texts around the lines, and the lines that go with every machine."""

    seller: str
    footer: str
    terms: str
    introduction: str
    assembly: tuple[str, str]
    training: tuple[str, str]
    piece: str
    answer: str
    too_dear: str
    gladly: str


EN = Phrases(
    seller="Millrace Works\nAm Mühlgraben 4\n70173 Stuttgart\nVAT DE 123 456 789",
    footer="Millrace Works · Stuttgart · Managing director Ada Winter · millrace.example",
    terms=(
        "Prices are net and include packing. Delivery free to site.\n\n"
        "30 % with the order, 60 % at delivery, 10 % after acceptance; each within 14 days.\n\n"
        "Warranty: 24 months from acceptance."
    ),
    introduction=(
        "Thank you for the good talk. As agreed we offer you what follows; dates are confirmed "
        "with the order."
    ),
    assembly=("Assembly and commissioning", "On site, with protocol and handover"),
    training=("Training of your operators", "Half a day, up to six people"),
    piece="pcs",
    answer="The assembly takes two days; the line can run again on the third.",
    too_dear="We took a cheaper one for this year. Please ask us again in spring.",
    gladly="We are looking forward to it.",
)
RU = Phrases(
    seller="ООО «Мельница»\n197022, Санкт-Петербург, наб. Карповки, 4\nИНН 7800000000",
    footer="ООО «Мельница» · Санкт-Петербург · melnitsa.example",
    terms=(
        "Цены указаны без НДС и включают упаковку. Доставка до объекта бесплатно.\n\n"
        "30 % при заказе, 60 % при поставке, 10 % после приёмки; каждый платёж в течение 14 дней.\n\n"
        "Гарантия — 24 месяца со дня приёмки."
    ),
    introduction=(
        "Благодарим за содержательный разговор. Как договорились, предлагаем следующее; сроки "
        "подтверждаем при заказе."
    ),
    assembly=("Монтаж и пусконаладка", "На объекте, с протоколом и передачей"),
    training=("Обучение операторов", "Полдня, до шести человек"),
    piece="шт.",
    answer="Монтаж займёт два дня; на третий линию можно запускать.",
    too_dear="В этом году взяли дешевле. Вернитесь к нам весной.",
    gladly="Ждём с нетерпением.",
)
BY_LANGUAGE = {"en": EN, "ru": RU}
