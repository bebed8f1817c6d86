"""Letters that the sample company writes often: name, subject, text, in both languages."""

from __future__ import annotations

Letters = tuple[tuple[str, str, str], ...]
BY_LANGUAGE: dict[str, Letters] = {
    "en": (
        (
            "Questions before we work it out",
            "{deal}: three questions",
            (
                "Good day {person},\n\nthank you for the talk about “{deal}”. Before we work it out, please tell us:\n"
                "1. What flow and head do you have over the year?\n2. Until when must it run?\n"
                "3. Who decides with you, and on what?\n\nKind regards,\n{me}"
            ),
        ),
        (
            "Ask about the proposal",
            "Our proposal for {company}",
            (
                "Good day {person},\n\nhave you had the time to look at our proposal for “{deal}”? You find it here:\n"
                "{proposal_link}\n\nUnder each line you can ask; I answer within a day.\n\nKind regards,\n{me}"
            ),
        ),
        (
            "Thanks for the order",
            "Thank you, {company}",
            (
                "Good day {person},\n\nthank you for your order. From now on {workspace} keeps you informed of every "
                "step.\n\nKind regards,\n{me}"
            ),
        ),
    ),
    "ru": (
        (
            "Вопросы перед расчётом",
            "{deal}: три вопроса",
            (
                "Здравствуйте, {person}!\n\nСпасибо за разговор о «{deal}». Чтобы всё рассчитать, подскажите:\n"
                "1. Какие у вас расход и напор в течение года?\n2. К какому сроку всё должно работать?\n"
                "3. Кто принимает решение вместе с вами и по каким условиям?\n\nС уважением,\n{me}"
            ),
        ),
        (
            "Вопрос о предложении",
            "Наше предложение для {company}",
            (
                "Здравствуйте, {person}!\n\nУдалось ли посмотреть наше предложение «{deal}»? Оно здесь:\n"
                "{proposal_link}\n\nК каждой строке можно задать вопрос, я отвечу в течение дня.\n\nС уважением,\n{me}"
            ),
        ),
        (
            "Спасибо за заказ",
            "Спасибо, {company}",
            (
                "Здравствуйте, {person}!\n\nСпасибо за заказ. Теперь {workspace} будет сообщать вам о каждом шаге."
                "\n\nС уважением,\n{me}"
            ),
        ),
    ),
}
