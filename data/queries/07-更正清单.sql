-- 标题: 更正清单
-- 说明: 核定之后的每一次更正：谁在何时、为什么、加减多少分，新的在前。时间为北京时间。
select
    strftime(p.posted_at + interval 8 hour, '%Y-%m-%d %H:%M') as 时间,
    p.posted_by as 经手人,
    p.unit as 代码,
    u.name as 单位,
    p.month as 月份,
    i.label as 要点,
    p.points as 分数变动,
    p.reason as 理由
from posting p
left join unit u on u.code = p.unit
left join item i on i.id = p.item
where p.origin = 'correct'
order by p.seq desc;
