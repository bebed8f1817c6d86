"""The words of the sample company, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Names and phrases of one language; lists are drawn from by the generator."""

    company: str
    currency: str
    time_zone: str
    teams: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    products: tuple[tuple[str, str, int, int], ...]
    firms: tuple[str, ...]
    forms: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]
    industries: tuple[str, ...]
    people: tuple[str, ...]
    surnames: tuple[str, ...]
    jobs: tuple[str, ...]
    channels: tuple[str, ...]
    needs: tuple[str, ...]


#: Name and role; the first one signs in. Products: name, category, price, work hours per piece.
ENGLISH = Words(
    company="Millrace Works",
    currency="EUR",
    time_zone="Europe/Berlin",
    teams=("North", "South"),
    members=(
        ("Anna Berg", "owner"),
        ("Marcus Field", "manager"),
        ("Dana Whitlock", "rep"),
        ("Tomas Riedel", "rep"),
        ("Leila Haddad", "rep"),
        ("Oskar Lind", "rep"),
        ("Ines Moreau", "operations"),
        ("Paul Kersey", "operations"),
        ("Ruth Amsel", "viewer"),
    ),
    products=(
        ("Centrifugal pump P40", "Pumps", 3200, 9),
        ("Centrifugal pump P80", "Pumps", 5900, 14),
        ("Submersible pump S25", "Pumps", 2450, 7),
        ("Micro turbine T5", "Turbines", 18400, 62),
        ("Micro turbine T15", "Turbines", 41200, 118),
        ("Sluice gate G2", "Gates", 7600, 26),
        ("Sluice gate G4", "Gates", 12900, 40),
        ("Trash rack R1", "Gates", 2900, 11),
        ("Control cabinet C1", "Controls", 4300, 16),
        ("Control cabinet C3", "Controls", 8700, 28),
        ("Commissioning, per day", "Services", 1150, 8),
        ("Yearly inspection", "Services", 1900, 12),
    ),
    firms=(
        "Alder", "Brightwater", "Calder", "Dunmore", "Eastbrook", "Fernhill", "Glenrock", "Harrow",
        "Ivybridge", "Juniper", "Kestrel", "Larkfield", "Moorland", "Northgate", "Oakvale",
        "Pinewood", "Quarrydale", "Ravensbourne", "Stonebeck", "Thornton",
    ),
    forms=("Water", "Mills", "Energy", "Farms", "Brewery"),
    cities=(
        ("Hamburg", "Germany"), ("Leeds", "United Kingdom"), ("Graz", "Austria"),
        ("Lyon", "France"), ("Bergen", "Norway"), ("Utrecht", "Netherlands"), ("Porto", "Portugal"),
    ),
    industries=("Utilities", "Food and drink", "Agriculture", "Energy", "Municipal"),
    people=("James", "Sophie", "Karin", "Luis", "Emma", "Viktor", "Clara", "Henrik", "Nadia", "Owen"),
    surnames=("Baker", "Ferrant", "Holm", "Ibsen", "Keller", "Novak", "Price", "Sorel", "Tran", "Weiss"),
    jobs=("Head of purchasing", "Plant manager", "Managing director", "Engineer", "Finance lead"),
    channels=("Referral", "Search", "Trade fair", "Website", "E-mail", "Phone"),
    needs=("for the new weir", "to replace the old unit", "for plant two", "for the spring season",
           "after the flood", "for the pilot site", "with spare parts"),
)  # fmt: skip

RUSSIAN = Words(
    company="Мельничный ручей",
    currency="RUB",
    time_zone="Europe/Moscow",
    teams=("Север", "Юг"),
    members=(
        ("Анна Бергова", "owner"),
        ("Марк Полевой", "manager"),
        ("Дана Белова", "rep"),
        ("Тимур Рядов", "rep"),
        ("Лейла Хадисова", "rep"),
        ("Олег Липин", "rep"),
        ("Инна Морева", "operations"),
        ("Павел Керсин", "operations"),
        ("Раиса Дроздова", "viewer"),
    ),
    products=(
        ("Центробежный насос П40", "Насосы", 290000, 9),
        ("Центробежный насос П80", "Насосы", 540000, 14),
        ("Погружной насос С25", "Насосы", 225000, 7),
        ("Микротурбина Т5", "Турбины", 1690000, 62),
        ("Микротурбина Т15", "Турбины", 3780000, 118),
        ("Шлюзовой затвор З2", "Затворы", 698000, 26),
        ("Шлюзовой затвор З4", "Затворы", 1185000, 40),
        ("Сороудерживающая решётка Р1", "Затворы", 266000, 11),
        ("Шкаф управления У1", "Автоматика", 395000, 16),
        ("Шкаф управления У3", "Автоматика", 798000, 28),
        ("Пусконаладка, день", "Услуги", 105000, 8),
        ("Ежегодный осмотр", "Услуги", 174000, 12),
    ),
    firms=(
        "Ольха", "Светловодье", "Калина", "Дубрава", "Восток", "Ферма", "Горный", "Луговое", "Ивушка",
        "Можжевельник", "Кречет", "Жаворонок", "Верещагино", "Северный", "Дубовый", "Сосновый",
        "Карьер", "Вороново", "Каменка", "Терновка",
    ),
    forms=("Водоканал", "Мельницы", "Энерго", "Агро", "Пивоварня"),
    cities=(
        ("Тверь", "Россия"), ("Казань", "Россия"), ("Пермь", "Россия"), ("Минск", "Беларусь"),
        ("Самара", "Россия"), ("Алматы", "Казахстан"), ("Томск", "Россия"),
    ),
    industries=("Коммунальные службы", "Пищевая промышленность", "Сельское хозяйство", "Энергетика",
                "Муниципалитет"),
    people=("Иван", "Софья", "Карина", "Лев", "Эмма", "Виктор", "Клара", "Георгий", "Надежда", "Олег"),
    surnames=("Пекарь", "Ферранд", "Холмских", "Ким", "Келлер", "Новик", "Прайс", "Сорель", "Тран",
              "Вайс"),
    jobs=("Начальник снабжения", "Директор завода", "Генеральный директор", "Инженер",
          "Финансовый директор"),
    channels=("Рекомендация", "Поиск", "Выставка", "Сайт", "Электронная почта", "Телефон"),
    needs=("для новой плотины", "на замену старому", "для второго цеха", "к весеннему сезону",
           "после паводка", "для опытной площадки", "с запасными частями"),
)  # fmt: skip


def of(language: str) -> Words:
    """The words of a language; English where there are none."""
    return RUSSIAN if language == "ru" else ENGLISH
