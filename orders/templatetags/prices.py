"""Words of price books for templates."""

from django import template

from orders.prices import words

register = template.Library()

register.filter("rule_product", words.product)
register.filter("rule_value", words.value)
register.filter("rule_item", words.item)
