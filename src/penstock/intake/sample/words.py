"""Names of the sample company, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What things and people are called."""

    company: str
    slug: str
    place: str
    evidence: str
    currency: str
    time_zone: str
    members: tuple[tuple[str, str, str], ...]
    teams: tuple[str, str]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    places: tuple[str, ...]
    trades: tuple[str, ...]
    titles: tuple[str, ...]
    industries: tuple[str, ...]
    segments: tuple[str, str, str]
    products: tuple[tuple[str, str, int, int], ...]
    channels: tuple[str, ...]
    deal: str
    repeat: str
    followups: tuple[str, str, str, str]
    happy: tuple[str, ...]
    unhappy: tuple[str, ...]
    questions: tuple[str, ...]
    needs: tuple[str, ...]
    despite: str
    done: Mapping[str, tuple[str, ...]]
    planned: Mapping[str, tuple[str, ...]]
    order_done: Mapping[str, tuple[str, ...]]
    order_planned: Mapping[str, tuple[str, ...]]
    playbook: tuple[tuple[str, str, str, int], ...]


# Price and work hours per unit follow the name and the category.
EN = Words(
    company="Millrace Works",
    slug="millrace",
    place="Workplace {n}",
    evidence="Shift report {n}",
    currency="EUR",
    time_zone="Europe/Berlin",
    members=(
        ("Ada Winter", "owner", ""),
        ("Bruno Keller", "manager", "Sales"),
        ("Clara Novak", "rep", "Sales"),
        ("Daniel Ortiz", "rep", "Sales"),
        ("Emma Lindqvist", "rep", "Sales"),
        ("Felix Baumann", "operations", "Workshop"),
        ("Greta Moser", "operations", "Workshop"),
        ("Hugo Laurent", "viewer", ""),
    ),
    teams=("Sales", "Workshop"),
    first_names=(
        "Anna",
        "Ben",
        "Carla",
        "David",
        "Elena",
        "Frank",
        "Irene",
        "Jakob",
        "Katrin",
        "Luca",
        "Marta",
        "Nils",
        "Olga",
        "Paul",
        "Rosa",
        "Simon",
        "Tessa",
        "Viktor",
    ),
    last_names=(
        "Alvarez",
        "Brandt",
        "Costa",
        "Dubois",
        "Eriksen",
        "Fischer",
        "Gruber",
        "Horvat",
        "Jansen",
        "Kovac",
        "Meyer",
        "Nowak",
        "Petrov",
        "Rossi",
        "Schmid",
        "Weber",
    ),
    places=("Alder", "Birch", "Cedar", "Elm", "Hazel", "Linden", "Maple", "Oak", "Rowan", "Willow"),
    trades=("Waterworks", "Hydropower", "Paper Mill", "Brewery"),
    titles=("Purchasing", "Plant manager", "Head of engineering", "Managing director"),
    industries=("Water supply", "Energy", "Paper", "Food and drink"),
    segments=("Small", "Mid-size", "Large"),
    products=(
        ("Francis turbine 200 kW", "Turbines", 148_000, 620),
        ("Kaplan turbine 90 kW", "Turbines", 96_000, 430),
        ("Pelton wheel", "Turbines", 41_000, 190),
        ("Centrifugal pump P80", "Pumps", 5_400, 26),
        ("Centrifugal pump P120", "Pumps", 8_900, 38),
        ("Dosing pump D5", "Pumps", 1_250, 7),
        ("Sluice gate 2 m", "Gates", 12_600, 64),
        ("Butterfly valve DN600", "Gates", 3_900, 18),
        ("Trash rack cleaner", "Intakes", 27_500, 130),
        ("Control cabinet", "Electrical", 9_800, 55),
        ("Bearing overhaul", "Service", 3_200, 34),
        ("Yearly inspection", "Service", 1_450, 12),
    ),
    channels=("Referral", "Website", "Trade fair", "Cold call", "Partner"),
    deal="{product} for {company}",
    repeat="Spare parts for {company}",
    followups=(
        "Ask a week later",
        "Next year's order",
        "Service after a turbine",
        "Decided by now?",
    ),
    happy=(
        "On time, and it simply runs.",
        "Your fitters knew what they were doing.",
        "We would order again tomorrow.",
    ),
    needs=(
        "The old line stands still twice a week",
        "They open a second hall in autumn",
        "Their supplier no longer makes spare parts",
        "The inspection asks for a guard rail",
    ),
    despite="The customer names the sum after the site visit; the talks have begun.",
    questions=("Is the fitting included?", "Could you deliver a month earlier?"),
    unhappy=(
        "Two weeks late, and nobody called.",
        "Parts were missing, and the paper was in another language.",
        "It runs, but louder than we agreed.",
    ),
    done={
        "call": ("Asked who decides", "Talked about the date", "Answered questions on the price"),
        "meeting": ("Showed the workshop", "Walked through the site", "Met the technical lead"),
        "email": ("Sent the data sheet", "Sent references", "Confirmed the meeting"),
    },
    planned={
        "call": ("Ask about the budget", "Ask what speaks against it", "Agree on a date"),
        "meeting": ("Look at the site", "Go through the offer", "Meet the buyer"),
        "email": ("Send the drawings", "Send two references", "Ask for the water levels"),
        "task": ("Work out the price", "Check the delivery date", "Prepare the contract"),
    },
    order_done={
        "call": ("Agreed on the day of delivery", "Told them where the order stands"),
        "note": (
            "Unloading only from the yard side, before noon.",
            "The customer fetches the shaft with their own lorry.",
        ),
    },
    order_planned={
        "call": ("Announce the delivery", "Ask who unloads"),
        "email": ("Send the dispatch note", "Send the drawing for release"),
        "task": ("Order the transport", "Prepare the papers", "Book the crane"),
    },
    playbook=(
        ("qualification", "call", "Ask who decides and what for", 1),
        ("needs_assessment", "email", "Send the questions on flow and head", 1),
        ("needs_assessment", "meeting", "Look at the site", 4),
        ("first_contact", "call", "Agree on the next meeting", 2),
        ("proposal", "call", "Ask what they think of the proposal", 3),
    ),
)


RU = Words(
    company="Мельница",
    slug="melnitsa",
    place="Рабочее место {n}",
    evidence="Отчёт смены {n}",
    currency="RUB",
    time_zone="Europe/Moscow",
    members=(
        ("Анна Зимина", "owner", ""),
        ("Борис Ключников", "manager", "Продажи"),
        ("Вера Соколова", "rep", "Продажи"),
        ("Глеб Орлов", "rep", "Продажи"),
        ("Дарья Лебедева", "rep", "Продажи"),
        ("Егор Кузнецов", "operations", "Цех"),
        ("Жанна Морозова", "operations", "Цех"),
        ("Игорь Лавров", "viewer", ""),
    ),
    teams=("Продажи", "Цех"),
    first_names=(
        "Алексей",
        "Валентина",
        "Галина",
        "Дмитрий",
        "Екатерина",
        "Иван",
        "Кирилл",
        "Лариса",
        "Максим",
        "Наталья",
        "Ольга",
        "Павел",
        "Роман",
        "Светлана",
        "Тимур",
        "Юлия",
    ),
    last_names=(
        "Андреенко",
        "Белых",
        "Воронько",
        "Гончаренко",
        "Долгих",
        "Жук",
        "Коваленко",
        "Литвиненко",
        "Мельник",
        "Остапенко",
        "Руденко",
        "Седых",
        "Ткаченко",
        "Черных",
        "Шевченко",
    ),
    places=(
        "Ольховский",
        "Берёзовский",
        "Кедровский",
        "Ельнинский",
        "Липовский",
        "Кленовский",
        "Дубровский",
        "Рябиновский",
        "Ивановский",
        "Сосновский",
    ),
    trades=("водоканал", "гидроузел", "бумажный комбинат", "пивзавод"),
    titles=("Закупки", "Начальник станции", "Главный инженер", "Генеральный директор"),
    industries=("Водоснабжение", "Энергетика", "Бумага", "Продукты и напитки"),
    segments=("Малые", "Средние", "Крупные"),
    products=(
        ("Турбина Френсиса 200 кВт", "Турбины", 14_800_000, 620),
        ("Турбина Каплана 90 кВт", "Турбины", 9_600_000, 430),
        ("Колесо Пелтона", "Турбины", 4_100_000, 190),
        ("Насос центробежный Н80", "Насосы", 540_000, 26),
        ("Насос центробежный Н120", "Насосы", 890_000, 38),
        ("Насос-дозатор Д5", "Насосы", 125_000, 7),
        ("Затвор шлюзовой 2 м", "Затворы", 1_260_000, 64),
        ("Дисковый затвор DN600", "Затворы", 390_000, 18),
        ("Решёткоочистная машина", "Водозабор", 2_750_000, 130),
        ("Шкаф управления", "Электрика", 980_000, 55),
        ("Ремонт подшипников", "Сервис", 320_000, 34),
        ("Ежегодный осмотр", "Сервис", 145_000, 12),
    ),
    channels=("Рекомендация", "Сайт", "Выставка", "Холодный звонок", "Партнёр"),
    deal="{product} — {company}",
    repeat="Запчасти — {company}",
    followups=(
        "Спросить через неделю",
        "Заказ на следующий год",
        "Сервис после турбины",
        "Уже решили?",
    ),
    happy=(
        "Всё в срок, и просто работает.",
        "Монтажники знали своё дело.",
        "Заказали бы снова хоть завтра.",
    ),
    needs=(
        "Старая линия останавливается дважды в неделю",
        "Осенью они открывают второй цех",
        "Их поставщик больше не делает запчасти",
        "Проверка требует ограждения",
    ),
    despite="Сумму заказчик назовёт после осмотра площадки, переговоры уже идут.",
    questions=("Монтаж входит в цену?", "Можно ли поставить на месяц раньше?"),
    unhappy=(
        "Опоздали на две недели, и никто не позвонил.",
        "Не хватало деталей, документы пришли не на том языке.",
        "Работает, но шумит сильнее, чем договаривались.",
    ),
    done={
        "call": ("Узнали, кто решает", "Обсудили сроки", "Ответили на вопросы о цене"),
        "meeting": ("Показали цех", "Осмотрели площадку", "Познакомились с главным инженером"),
        "email": ("Отправили технический паспорт", "Отправили отзывы", "Подтвердили встречу"),
    },
    planned={
        "call": ("Уточнить бюджет", "Узнать, что смущает", "Согласовать дату"),
        "meeting": ("Осмотреть площадку", "Разобрать предложение", "Познакомиться с закупщиком"),
        "email": ("Отправить чертежи", "Отправить два отзыва", "Запросить уровни воды"),
        "task": ("Рассчитать цену", "Проверить срок поставки", "Подготовить договор"),
    },
    order_done={
        "call": ("Согласовали день поставки", "Рассказали, как идёт заказ"),
        "note": (
            "Разгрузка только со двора, до полудня.",
            "Вал заказчик заберёт своей машиной.",
        ),
    },
    order_planned={
        "call": ("Предупредить о поставке", "Узнать, кто разгружает"),
        "email": ("Отправить уведомление об отгрузке", "Отправить чертёж на согласование"),
        "task": ("Заказать транспорт", "Подготовить документы", "Заказать кран"),
    },
    playbook=(
        ("qualification", "call", "Узнать, кто решает и для чего нужно", 1),
        ("needs_assessment", "email", "Отправить вопросы о расходе и напоре", 1),
        ("needs_assessment", "meeting", "Осмотреть площадку", 4),
        ("first_contact", "call", "Договориться о следующей встрече", 2),
        ("proposal", "call", "Спросить, что думают о предложении", 3),
    ),
)
BY_LANGUAGE = {"en": EN, "ru": RU}
